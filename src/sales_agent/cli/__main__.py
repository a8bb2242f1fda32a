"""`python -m sales_agent.cli`: the same as `sales-agent`."""

from sales_agent.cli import app

if __name__ == "__main__":
    app(prog_name="sales-agent")
