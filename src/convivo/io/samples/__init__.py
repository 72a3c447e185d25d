"""Public data sets, fetched on request: `catalogue` says which, `fetch` gets one, `stick` carries them."""
