"""What the stages share: users, stores, settings, request bodies, responses, signing keys, JWKS."""
