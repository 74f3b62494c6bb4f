package io.ketju.tests;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Hosts that ssh reaches: an sshd in each namespace, with keys that were made for the test, and a cache of its own. The last host has
 * none: it is where commands are given. A test is skipped, and says so, where there is no sshd.
 */
final class SshHosts implements AutoCloseable {
    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    private static final String PORT = "2222";

    private final Path folder;
    private final int count;
    private final Hosts hosts;
    private final List<ChildProcess> daemons = new ArrayList<>();

    /** @param count hosts with an sshd */
    SshHosts(int count, Launcher launcher) {
        assumeThat(SSHD).as("an sshd to test with: openssh-server").isExecutable();
        this.folder = launcher.folder().resolve("ssh");
        this.count = count;
        this.hosts = new Hosts(count + 1, launcher);
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            for (String key : List.of("host-key", "key")) {
                Hosts.said("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path(key));
            }
            Files.copy(folder.resolve("key.pub"), folder.resolve("authorized"));
            String known = Files.readString(folder.resolve("host-key.pub")).replaceAll(" [^ ]*\\n$", "");
            StringBuilder knownHosts = new StringBuilder();
            for (int host = 1; host <= count; host++) {
                knownHosts.append("[" + Hosts.address(host) + "]:" + PORT + " " + known + "\n");
                daemons.add(daemon(host));
            }
            Files.writeString(folder.resolve("known"), knownHosts);
            Files.writeString(
                    folder.resolve("config"),
                    "UserKnownHostsFile " + path("known") + "\nGlobalKnownHostsFile none\nStrictHostKeyChecking yes\n");
            daemons.forEach(daemon -> daemon.awaitLine(line -> line.startsWith("Server listening on ")));
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    /** It wants a folder that a machine without a running sshd does not have: in its own view of the files it has one. */
    private ChildProcess daemon(int host) throws IOException {
        Path config = Files.writeString(
                folder.resolve("sshd-" + host),
                String.join(
                        "\n",
                        "Port " + PORT,
                        "ListenAddress " + Hosts.address(host),
                        "HostKey " + path("host-key"),
                        "AuthorizedKeysFile " + path("authorized"),
                        "PidFile none",
                        "UsePAM no",
                        "StrictModes no",
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no",
                        "PermitRootLogin prohibit-password",
                        "SetEnv XDG_CACHE_HOME=" + cache(host) + " JAVA25_HOME=" + System.getProperty("java.home"),
                        ""));
        return hosts.start(
                host,
                "/bin/sh",
                "-c",
                "mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec " + SSHD + " -D -e -f " + config + " 2>&1");
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    /** What a host keeps of Ketju. */
    Path cache(int host) {
        return folder.resolve("cache-" + host);
    }

    /** Lines of a hosts file for all of them. */
    List<String> lines() {
        return IntStream.rangeClosed(1, count)
                .mapToObj(host -> Hosts.address(host) + " threads=1 port=" + PORT + " identity=" + path("key"))
                .toList();
    }

    /** Settings for ssh that know them. */
    String config() {
        return path("config");
    }

    /** Starts {@code ketju} where commands are given. */
    ChildProcess ketju(String... arguments) {
        return hosts.ketju(count + 1, arguments);
    }

    /** The processes on a host that run a program; 0: where commands are given. */
    List<ProcessHandle> processes(int host, String program) {
        return hosts.processes(host == 0 ? count + 1 : host, program);
    }

    @Override
    public void close() {
        daemons.forEach(ChildProcess::close);
        hosts.close();
    }
}
