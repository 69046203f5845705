"""A private RabbitMQ node: own data, cookie, Erlang port mapper and ports, loopback only."""

import hashlib

import amqp
import httpx

from shared.runtime.development.processes import Child
from shared.runtime.development.servers import ADMIN, Server, plain_environment

PORTS = ("amqp_port", "management_port", "metrics_port", "distribution_port", "mapper_port")


class BrokerServer(Server):
    """What it confirmed survives SIGKILL, with one exception in RabbitMQ 3.10: a quorum queue that
    was declared within the last second or so may come back without a leader, because the node
    saves the register of its queues with that delay. Such a queue must be deleted and declared
    again.
    """

    part = "RabbitMQ"

    @property
    def port(self) -> int:
        return int(self._state["amqp_port"])

    @property
    def uri(self) -> str:
        """AMQP address of the administrator, default virtual host."""
        return f"amqp://{ADMIN}:{self.password}@127.0.0.1:{self.port}/"

    @property
    def management_url(self) -> str:
        """HTTP address of the management interface, with the administrator's credentials."""
        return f"http://{ADMIN}:{self.password}@127.0.0.1:{self._state['management_port']}"

    @property
    def console(self) -> str:
        """For a person: the management interface and how to log in."""
        port = self._state["management_port"]
        return f"http://127.0.0.1:{port} (user {ADMIN}, password {self.password})"

    def _launch(self) -> Child:
        amqp_port, management, metrics, distribution, mapper = self._ports(*PORTS)
        configuration = self.folder / "rabbitmq.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"listeners.tcp.default = 127.0.0.1:{amqp_port}\n"
            f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {management}\n"
            f"prometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = {metrics}\n"
            f"default_user = {ADMIN}\ndefault_pass = {self.password}\n"
            "log.console = true\nlog.console.level = info\nlog.file = false\n"
            "disk_free_limit.absolute = 200MB\n"
        )
        plugins = self.folder / "enabled_plugins"
        plugins.write_text("[rabbitmq_management,rabbitmq_prometheus].\n")
        data = self.folder / "data"
        # The node's name names its data; the folder's digest keeps two checkouts apart.
        name = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        environment = {
            "HOME": str(self.folder),  # the Erlang cookie
            "ERL_EPMD_PORT": str(mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"dev-{name}@localhost",
            "RABBITMQ_MNESIA_BASE": str(data),
            "RABBITMQ_LOG": "-color",
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(configuration),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "rabbitmq-env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            # The start script then becomes the Erlang machine instead of waiting beside it.
            "RUNNING_UNDER_SYSTEMD": "true",
        }
        environment = plain_environment() | environment
        return Child.spawn([self.binary], env=environment, cwd=self.folder, log=self.log)

    def _unready(self) -> str | None:
        with amqp.Connection(
            host=f"127.0.0.1:{self.port}",
            userid=ADMIN,
            password=self.password,
            connect_timeout=2,
            read_timeout=5,
            write_timeout=5,
        ) as connection:
            connection.channel().queue_declare(exclusive=True)
        httpx.get(f"{self.management_url}/api/overview", timeout=5).raise_for_status()
        return None

    def _reason_in_log(self) -> str:
        marked = (line.partition("[error]") for line in self._log_lines())
        texts = (text.partition("> ")[2].strip() for _, mark, text in marked if mark)
        return next(filter(None, texts), "no reason in its log")
