package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.deploy.launch.Address;
import io.ketju.protocol.security.NodeCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertsCommandTest {
    @TempDir
    private Path folder;

    @Test
    void nodesGetCertificatesThatCanBeShownAndRenewed() throws Exception {
        Path certs = folder.resolve("certs");
        InProcess made = InProcess.run("certs", "new", "--out", certs.toString(), "--nodes", "a.example+10.0.0.4,::1");
        assertThat(made.err()).isEmpty();
        assertThat(made.exitCode()).isZero();
        assertThat(made.out()).contains("a.example, 10.0.0.4, until ", "364 days left");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(certs.resolve("ca-key.pem"))))
                .isEqualTo("rw-------");
        NodeCredentials first = NodeCredentials.read(certs.resolve("a.example"));
        assertThat(first.names()).containsExactly("a.example", "10.0.0.4");

        InProcess renewed = InProcess.run("certs", "renew", certs.toString(), "--nodes", "a.example", "--days", "30");
        assertThat(renewed.exitCode()).isZero();
        assertThat(NodeCredentials.read(certs.resolve("a.example")).expiry()).isBefore(first.expiry());

        InProcess shown = InProcess.run("certs", "show", certs.toString());
        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out().lines()).hasSize(3);
        assertThat(shown.out()).contains("authority, until", "a.example, until", "0:0:0:0:0:0:0:1, until");
    }

    @Test
    void whoUsesACertificateThatEndsSoonIsTold() {
        Path certs = folder.resolve("certs");
        InProcess.run("certs", "new", "--out", certs.toString(), "--nodes", "127.0.0.1", "--days", "14");
        String nobody = Address.free("127.0.0.1").toString();
        InProcess asked = InProcess.run(
                "status",
                "--cluster",
                nobody,
                "--certs",
                certs.resolve("127.0.0.1").toString());
        assertThat(asked.exitCode()).isEqualTo(CommandLineInterface.FAILED);
        assertThat(asked.err().lines())
                .first()
                .asString()
                .matches(
                        "ketju: .*/127.0.0.1/node.pem: expires on \\S+, in 13 days; renew it by: ketju certs renew .*");
    }

    @Test
    void theEnvironmentNamesAFolderForAllCommands() {
        assertThat(CertificateOptions.ofEnvironment(Map.of("KETJU_CERTS", "/certs", "HOME", "/root")))
                .contains(Path.of("/certs"));
        assertThat(CertificateOptions.ofEnvironment(Map.of("KETJU_CERTS", " "))).isEmpty();
        assertThat(CertificateOptions.ofEnvironment(Map.of())).isEmpty();
    }

    @Test
    void whatCannotBeDoneIsOneLine() {
        InProcess.run("certs", "new", "--out", folder.resolve("certs").toString(), "--nodes", "a");
        refused(
                "expected no authority there yet",
                "new",
                folder.resolve("certs").toString(),
                "--nodes",
                "b");
        refused("expected new, show or renew", "make", folder.toString());
        refused("--nodes", "new", folder.resolve("more").toString());
        refused(
                "expected a DNS name or an IP address",
                "new",
                folder.resolve("more").toString(),
                "--nodes",
                "a b");
        refused("expected each node once", "new", folder.resolve("more").toString(), "--nodes", "a,a");
        refused("--days", "new", folder.resolve("more").toString(), "--nodes", "a", "--days", "0");
        refused("ca.pem: cannot be read", "show", folder.toString());
        refused("ca.pem: cannot be read", "renew", folder.toString(), "--nodes", "a");
        assertThat(folder.resolve("more")).doesNotExist();
    }

    private static void refused(String why, String... arguments) {
        String[] whole = new String[arguments.length + 1];
        whole[0] = "certs";
        System.arraycopy(arguments, 0, whole, 1, arguments.length);
        InProcess run = InProcess.run(whole);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains(why);
    }
}
