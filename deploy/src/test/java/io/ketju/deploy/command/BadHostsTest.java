package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of hosts that cannot be used: one line, exit code 2, and nobody was called. */
class BadHostsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            ;;                    | : expected 1 to 1000 hosts, a line each, found none
            a;b thread=2          | :2: expected options such as threads=2, found "thread=2"; did you mean 'threads='?
            a fast                | :1: expected options such as threads=2, found "fast"
            a threads=0           | :1: threads: expected a whole number from 1 to 1024, found "0"
            a port=70000          | :1: port: expected a whole number from 1 to 65535, found "70000"
            a port=1 port=2       | :1: expected port once, found it twice
            -oProxyCommand=x      | :1: expected a host, or user@host, found "-oProxyCommand=x"
            $(id)@a               | :1: expected the name of a user before @, found "$(id)@a"
            a;b;me@a              | :3: expected each host once, found a twice
            a identity=/no/key    | :1: identity: expected a readable file, found none at /no/key
            a certs=/no/certs     | :1: certs: expected a folder with a node's certificate, found none at /no/certs
            a address=a_b!        | :1: address:
            """)
    void isOneLineAndExitCode2(String hosts, String piece) throws Exception {
        Path file = Files.write(folder.resolve("hosts.txt"), List.of(hosts.split(";", -1)));
        InProcess result = InProcess.run("launch", "--hosts", file.toString());
        assertThat(result.exitCode()).as(result.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).startsWith("ketju launch: ").contains(piece);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void whatBelongsToHostsIsRefusedWithoutThem() {
        refused("launch --hosts " + folder + "/none", "hosts file", "found none");
        refused("launch --hosts " + folder, "found a folder");
        refused("launch --ssh-config x", "--ssh-config", "--hosts FILE");
        refused("launch --host 127.0.0.1", "--certs, --host", "--hosts FILE");
        refused("launch --join-timeout 0", "--join-timeout", "from 1 to", "\"0\"");
        refused("train --join-timeout 5", "--join-timeout", "--cluster HOST:PORT");
    }

    private static void refused(String line, String... pieces) {
        InProcess result = InProcess.run(line.split(" ", -1));
        assertThat(result.exitCode()).as(result.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).contains(pieces);
    }
}
