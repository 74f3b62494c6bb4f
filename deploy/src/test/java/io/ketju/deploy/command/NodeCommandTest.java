package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.deploy.config.NodeKey;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCommandTest {
    @TempDir
    private Path folder;

    @Test
    void theHelpNamesEverySettingInAllItsForms() {
        String help = InProcess.run("node", "--help").out().replaceAll("\\s+", " ");
        for (NodeKey key : NodeKey.values()) {
            assertThat(help).contains(key.flags()).contains(key.variable() + "; " + key.path() + ".");
        }
        assertThat(help).contains("--config", "KETJU_NODE_CONFIG");
    }

    @Test
    void aMistakeInAFileIsOneLineWithItsPlace() throws Exception {
        refused("seeds = \"127.0.0.1:1\"\nport = any", ":2: port: expected a port from 0 to 65535, found \"any\"");
        refused("seeds = \"127.0.0.1:1\"\nrole = boss", ":2: role: expected worker, found \"boss\"");
        refused("seeds = [\"127.0.0.1:1\", \"127.0.0.1:1\"]", ":1: seeds: expected each place once");
        refused("seeds = \"192.0.2.1:1\"", ":1: seeds: expected a loopback address");
        refused("seeds = \"127.0.0.1:1\"\ndata-path = air", ":2: data-path: expected auto or sockets, found \"air\"");
        refused("port = 1", "--seeds: expected where the cluster meets");
        refused("seeds = \"127.0.0.1:1\"\ncerts = /no/certs", ":2: certs: /no/certs");
    }

    private void refused(String text, String piece) throws Exception {
        Path file = Files.writeString(folder.resolve("node.conf"), text);
        InProcess result = InProcess.run("node", "--config", file.toString());
        assertThat(result.exitCode()).as(result.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).startsWith("ketju node: ").contains(piece);
    }
}
