package io.ketju.tests;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Hosts of a network of their own, as namespaces of this machine behind one switch: 10.99.0.1, 10.99.0.2 and so on. Only root may make
 * them; a test is skipped, and says so, where that is not possible.
 */
final class Hosts implements AutoCloseable {
    private final String name = "ketju" + ProcessHandle.current().pid();
    private final List<String> made = new ArrayList<>();
    private final Launcher launcher;
    private final Cable cable;
    private final Map<Integer, DelayedLink> links = new TreeMap<>();

    /** By what hosts are connected to the switch. */
    enum Cable {
        /** The kernel's own. */
        PLAIN,
        /** One that can take its time. */
        DELAYED
    }

    /** @param launcher what they start */
    Hosts(int count, Launcher launcher) {
        this(count, launcher, Cable.PLAIN);
    }

    Hosts(int count, Launcher launcher, Cable cable) {
        this.launcher = launcher;
        this.cable = cable;
        assumeThat(run("ip", "netns", "add", namespace(0)))
                .as("network namespaces can be made: root, and ip of iproute2")
                .isEmpty();
        made.add(namespace(0));
        try {
            ip(0, "link", "add", "switch", "type", "bridge");
            ip(0, "link", "set", "switch", "up");
            for (int host = 1; host <= count; host++) {
                add(host);
            }
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    private void add(int host) {
        require("ip", "netns", "add", namespace(host));
        made.add(namespace(host));
        if (cable == Cable.PLAIN) {
            ip(0, "link", "add", "to" + host, "type", "veth", "peer", "name", "net", "netns", namespace(host));
        } else {
            connect(host);
        }
        ip(0, "link", "set", "to" + host, "master", "switch", "up");
        ip(host, "addr", "add", address(host) + "/24", "dev", "net");
        ip(host, "link", "set", "net", "up");
        ip(host, "link", "set", "lo", "up");
    }

    private void connect(int host) {
        String toSwitch = "kj" + ProcessHandle.current().pid() + "s" + host;
        String toHost = "kj" + ProcessHandle.current().pid() + "h" + host;
        links.put(host, DelayedLink.between(toSwitch, toHost));
        require("ip", "link", "set", toSwitch, "netns", namespace(0), "name", "to" + host);
        require("ip", "link", "set", toHost, "netns", namespace(host), "name", "net");
    }

    /** Has what a host sends and gets take so long each way, or so much more or less. */
    void delay(int host, Duration mean, Duration spread) {
        Objects.requireNonNull(links.get(host), "a delayed cable").delay(mean, spread);
    }

    /** Frames from and to a host that have taken so long. */
    long delayed(int host) {
        return Objects.requireNonNull(links.get(host), "a delayed cable").delayed();
    }

    /** Where a host is reached, from 1 on. */
    static String address(int host) {
        return "10.99.0." + host;
    }

    /** Starts {@code ketju} on a host. */
    ChildProcess ketju(int host, String... arguments) {
        return start(host, command(arguments));
    }

    /** The same on one that has an empty folder of its own where the others have this one. */
    ChildProcess ketjuWithout(Path folder, int host, String... arguments) {
        // Every such command has mounts of its own, which end with it.
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "mount -t tmpfs none \"$0\" && exec \"$@\"", folder.toString()));
        command.addAll(Arrays.asList(command(arguments)));
        return start(host, command.toArray(String[]::new));
    }

    private String[] command(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(launcher.folder().resolve("ketju").toString()));
        command.addAll(Arrays.asList(arguments));
        return command.toArray(String[]::new);
    }

    /** Starts a command on a host. */
    ChildProcess start(int host, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace(host)));
        command.addAll(Arrays.asList(arguments));
        return launcher.start(launcher.folder(), List.of(), command);
    }

    /** The processes on a host that run a program of this name. */
    List<ProcessHandle> processes(int host, String program) {
        return said("ip", "netns", "pids", namespace(host))
                .lines()
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())).stream())
                .filter(process -> process.info()
                        .command()
                        .filter(path -> path.endsWith("/" + program))
                        .isPresent())
                .toList();
    }

    /** Runs a command on a host to its end, which must be a good one. */
    void require(int host, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace(host)));
        command.addAll(Arrays.asList(arguments));
        require(command.toArray(String[]::new));
    }

    /** What a command says on a host, where it has to succeed. */
    String said(int host, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace(host)));
        command.addAll(Arrays.asList(arguments));
        return said(command.toArray(String[]::new));
    }

    /** Nothing gets to this host any more, nor from it. */
    void cutOff(int host) {
        ip(0, "link", "set", "to" + host, "down");
    }

    @Override
    public void close() {
        made.forEach(namespace -> require("ip", "netns", "del", namespace));
        links.values().forEach(DelayedLink::close);
    }

    private String namespace(int host) {
        return name + "-" + host;
    }

    private void ip(int host, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", namespace(host)));
        command.addAll(Arrays.asList(arguments));
        require(command.toArray(String[]::new));
    }

    private static void require(String... command) {
        String said = run(command);
        if (!said.isEmpty()) {
            throw new AssertionError(String.join(" ", command) + ": " + said);
        }
    }

    /** Returns what it says if it failed, or that it did so without a word; empty: it succeeded. */
    private static String run(String... command) {
        Ended ended = ended(command);
        return ended.code() == 0 ? "" : ended.said().isEmpty() ? "exit code " + ended.code() : ended.said();
    }

    /** What a command says that has to succeed. */
    static String said(String... command) {
        Ended ended = ended(command);
        if (ended.code() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + ended);
        }
        return ended.said();
    }

    private record Ended(int code, String said) {}

    private static Ended ended(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return new Ended(process.waitFor(), said);
        } catch (IOException e) {
            return new Ended(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
