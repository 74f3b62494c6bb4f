package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What happens to a host for a while, as text: {@code cut 30} is 30 seconds without any packet. Needs root, nft and tc; {@link Kind#STARVED} needs
 * control groups of version 1.
 */
record Disturbance(Kind kind, Duration length) {
    private static final Pattern TEXT = Pattern.compile("([a-z-]+) ?(\\d+)");
    private static final Path GROUPS = Path.of("/sys/fs/cgroup/cpu");
    private static final String TABLE = "disturbed";
    /** Connections are given up after ten seconds of silence. */
    private static final int LOSS_SECONDS = 15;

    private static final Duration DELAY = Duration.ofMillis(50);
    private static final Duration SPREAD = Duration.ofMillis(20);

    private static final Pattern DROPPED = Pattern.compile("counter packets (\\d+)");
    private static final Pattern THROTTLED = Pattern.compile("nr_throttled (\\d+)");

    enum Kind {
        /** Nothing comes in or goes out. */
        CUT,
        /** Nothing comes in. */
        CUT_IN,
        /** Nothing goes out. */
        CUT_OUT,
        /** Its processes stand still. */
        STOPPED,
        /** 8 Mbit/s, and one packet in fifty is lost. */
        SLOW,
        /** 50 ms each way, 20 more or less. */
        DELAYED,
        /** A fifth of a processor. */
        STARVED;

        /** {@code cut-in}. */
        String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** Of a text such as {@code cut-in 8}. */
    static Disturbance parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a disturbance such as cut-in 8, found '" + text + "'");
        }
        for (Kind kind : Kind.values()) {
            if (kind.label().equals(matcher.group(1))) {
                return new Disturbance(kind, Duration.ofSeconds(Long.parseLong(matcher.group(2))));
            }
        }
        throw new IllegalArgumentException("expected one of " + List.of(Kind.values()) + ", found '" + text + "'");
    }

    /** By what its hosts have to be connected. */
    Hosts.Cable cable() {
        return kind == Kind.DELAYED ? Hosts.Cable.DELAYED : Hosts.Cable.PLAIN;
    }

    /** Whether a run takes no notice of it but by time: its silence is shorter than what counts as a loss. */
    boolean isHarmless() {
        return switch (kind) {
            case CUT, CUT_IN, CUT_OUT -> length.toSeconds() <= 3;
            case STOPPED -> length.toSeconds() <= 6;
            case SLOW, DELAYED, STARVED -> true;
        };
    }

    /** Whether what is silent for so long is lost for sure, and the run goes on elsewhere. */
    boolean isLoss() {
        return switch (kind) {
            case CUT, CUT_IN, CUT_OUT, STOPPED -> length.toSeconds() >= LOSS_SECONDS;
            case SLOW, DELAYED, STARVED -> false;
        };
    }

    void begin(Hosts hosts, int host) {
        switch (kind) {
            case CUT -> {
                drop(hosts, host, "input", "iifname net counter drop");
                drop(hosts, host, "output", "oifname net counter drop");
            }
            case CUT_IN -> drop(hosts, host, "input", "iifname net counter drop");
            case CUT_OUT -> drop(hosts, host, "output", "oifname net counter drop");
            case STOPPED -> signal(hosts, host, "STOP");
            case SLOW -> {
                hosts.require(
                        host, "tc", "qdisc", "add", "dev", "net", "root", "tbf", "rate", "8mbit", "burst", "32kbit",
                        "latency", "400ms");
                drop(hosts, host, "input", "iifname net numgen random mod 50 0 counter drop");
            }
            case DELAYED -> hosts.delay(host, DELAY, SPREAD);
            case STARVED -> starve(hosts, host);
        }
    }

    /** Ends it; throws if it was none: nothing was dropped, or no process had to wait. */
    void end(Hosts hosts, int host) {
        switch (kind) {
            case CUT, CUT_IN, CUT_OUT -> mend(hosts, host);
            case STOPPED -> signal(hosts, host, "CONT");
            case SLOW -> {
                mend(hosts, host);
                hosts.require(host, "tc", "qdisc", "del", "dev", "net", "root");
            }
            case DELAYED -> {
                hosts.delay(host, Duration.ZERO, Duration.ZERO);
                assertThat(hosts.delayed(host)).as("delayed frames").isPositive();
            }
            case STARVED -> feed(hosts, host);
        }
    }

    private static void drop(Hosts hosts, int host, String hook, String rule) {
        hosts.require(host, "nft", "add table inet " + TABLE);
        hosts.require(
                host, "nft", "add chain inet " + TABLE + " " + hook + " { type filter hook " + hook + " priority 0; }");
        hosts.require(host, "nft", "add rule inet " + TABLE + " " + hook + " " + rule);
    }

    private static void mend(Hosts hosts, int host) {
        List<String> rules = hosts.said(host, "nft", "list table inet " + TABLE)
                .lines()
                .filter(line -> line.contains(" drop"))
                .toList();
        assertThat(rules)
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(count(DROPPED, rule)).as(rule).isPositive());
        hosts.require(host, "nft", "delete table inet " + TABLE);
    }

    private static long count(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static List<ProcessHandle> processes(Hosts hosts, int host) {
        List<ProcessHandle> found = hosts.processes(host, "java");
        assertThat(found).as("processes of host %d", host).isNotEmpty();
        return found;
    }

    private static void signal(Hosts hosts, int host, String name) {
        for (ProcessHandle process : processes(hosts, host)) {
            Hosts.said("kill", "-" + name, Long.toString(process.pid()));
        }
    }

    private static void starve(Hosts hosts, int host) {
        Path group = GROUPS.resolve("ketju-" + ProcessHandle.current().pid());
        try {
            Files.createDirectories(group);
            Files.writeString(group.resolve("cpu.cfs_period_us"), "100000");
            Files.writeString(group.resolve("cpu.cfs_quota_us"), "20000");
            for (ProcessHandle process : processes(hosts, host)) {
                Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void feed(Hosts hosts, int host) {
        Path group = GROUPS.resolve("ketju-" + ProcessHandle.current().pid());
        try {
            assertThat(count(THROTTLED, Files.readString(group.resolve("cpu.stat"))))
                    .as("times that the processor was taken away")
                    .isPositive();
            for (ProcessHandle process : processes(hosts, host)) {
                Files.writeString(GROUPS.resolve("cgroup.procs"), Long.toString(process.pid()));
            }
            Files.delete(group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return kind.label() + " " + length.toSeconds();
    }
}
