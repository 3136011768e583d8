"""What the pages say in other languages: catalogues, how they are read, and how they are kept up to date."""
