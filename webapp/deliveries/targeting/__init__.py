"""Who a delivery is for, and who got it already."""
