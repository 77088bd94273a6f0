"""Language models: providers, structured answers, grounded answers, prompts."""
