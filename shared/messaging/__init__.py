"""Messages between services: remote calls, public events, and what keeps both from being lost.

RabbitMQ is a doorbell: whatever it loses is read again from the ledgers.
"""
