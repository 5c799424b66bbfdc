"""The people known from the channels: visitors, subscriptions, sync, inbox."""
