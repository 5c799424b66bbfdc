"""What pages that ask people add to places of lower domains."""

from webapp.acquisition import personal_data

ADDITIONS = (*personal_data.ADDITIONS,)
