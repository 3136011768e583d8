"""Scenarios put to the test: would they notice if the procedure were drawn differently?"""
