"""The JSON API for today's programs, `/api/v1/...`: one table of operations, from which openapi.json is made too."""
