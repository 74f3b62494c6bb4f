package io.ketju.deploy.display;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.ketju.records.text.Machine;
import io.ketju.records.text.Units;
import io.ketju.tensor.Plural;
import io.ketju.tensor.simd.VectorWidth;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a machine has and lacks for training, each with what to change. */
public final class Checkup {
    /** How it stands with one thing. */
    public enum State {
        /** As it should be. */
        GOOD("ok"),
        /** Works, slowly or not for everything. */
        WEAK("weak"),
        /** Some command cannot work. */
        BROKEN("broken");

        private final String word;

        State(String word) {
            this.word = word;
        }
    }

    /**
     * One thing that was looked at.
     *
     * @param change what to do about it; empty where nothing is to be done
     */
    public record Finding(String name, State state, String found, String change) {
        static Finding good(String name, String found) {
            return new Finding(name, State.GOOD, found, "");
        }
    }

    private static final int WIDE_BITS = 256;
    private static final long LITTLE_HEAP = 256L << 20;
    private static final long LITTLE_DISK = 1L << 30;
    private static final long FEW_FILES = 1024;
    private static final Path SHARED = Path.of("/dev/shm");
    private static final long LITTLE_SHARED = 64L << 20;

    private Checkup() {}

    /** Everything, in the order in which it is read. */
    public static List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.good("Java", System.getProperty("java.version") + ", " + System.getProperty("java.home")));
        findings.add(processor());
        findings.add(vectors());
        findings.add(memory());
        findings.add(openFiles());
        findings.add(folder(
                "runs", Path.of("").toAbsolutePath(), "train in a folder that you may write in, or say --run-dir"));
        findings.add(folder(
                "temporary files",
                Path.of(System.getProperty("java.io.tmpdir")),
                "KETJU_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another"));
        findings.add(sharedMemory());
        findings.add(ports());
        return findings;
    }

    /** A line for each finding, and one more where something is to be changed. */
    public static List<String> lines(List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            lines.add(String.format("  %-8s%-18s%s", finding.state().word, finding.name(), finding.found()));
            if (!finding.change().isEmpty()) {
                lines.add(" ".repeat(28) + "to change it: " + finding.change());
            }
        }
        return lines;
    }

    private static Finding processor() {
        int processors = Runtime.getRuntime().availableProcessors();
        String found = Machine.describe(processors);
        return processors > 1
                ? Finding.good("processors", found)
                : new Finding(
                        "processors",
                        State.WEAK,
                        found,
                        "stages take turns on one processor; a container may have a limit");
    }

    private static Finding vectors() {
        int bits = VectorWidth.LANES * Float.SIZE;
        String found = bits + " bits in a vector";
        return bits >= WIDE_BITS
                ? Finding.good("vectors", found)
                : new Finding(
                        "vectors", State.WEAK, found, "a processor with AVX2 or AVX-512 computes 2 to 4 times as much");
    }

    private static Finding memory() {
        long heap = Runtime.getRuntime().maxMemory();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        String found = Units.bytes(system.getFreeMemorySize()) + " free of " + Units.bytes(system.getTotalMemorySize())
                + "; heap of at most " + Units.bytes(heap) + ", tensors lie beside it";
        return heap >= LITTLE_HEAP
                ? Finding.good("memory", found)
                : new Finding(
                        "memory",
                        State.WEAK,
                        found,
                        "KETJU_JAVA_OPTS=-Xmx1g gives more heap, for data that are read whole");
    }

    private static Finding openFiles() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
            return Finding.good("open files", "no limit known");
        }
        long most = unix.getMaxFileDescriptorCount();
        String found = "at most " + Units.count(most);
        return most >= FEW_FILES
                ? Finding.good("open files", found)
                : new Finding("open files", State.WEAK, found, "ulimit -n 4096, for runs over many nodes");
    }

    private static Finding folder(String name, Path folder, String change) {
        try {
            FileStore store = Files.getFileStore(folder);
            String found = folder + ", " + Units.bytes(store.getUsableSpace()) + " free";
            if (!Files.isWritable(folder)) {
                return new Finding(name, State.BROKEN, folder + ", no permission to write", change);
            }
            return store.getUsableSpace() >= LITTLE_DISK
                    ? Finding.good(name, found)
                    : new Finding(name, State.WEAK, found, "checkpoints may not fit: make room");
        } catch (IOException e) {
            return new Finding(name, State.BROKEN, folder + ", " + e.getMessage(), change);
        }
    }

    private static Finding sharedMemory() {
        if (!Files.isWritable(SHARED)) {
            return new Finding(
                    "shared memory",
                    State.WEAK,
                    "none",
                    "processes of this machine use sockets, at half the speed for small tensors");
        }
        try {
            long free = Files.getFileStore(SHARED).getUsableSpace();
            String found = SHARED + ", " + Units.bytes(free) + " free";
            return free >= LITTLE_SHARED
                    ? Finding.good("shared memory", found)
                    : new Finding(
                            "shared memory",
                            State.WEAK,
                            found,
                            "a container takes --shm-size=1g; without, sockets are used");
        } catch (IOException e) {
            return new Finding("shared memory", State.WEAK, String.valueOf(e.getMessage()), "sockets are used");
        }
    }

    /** Only whether one can be had: runs over processes choose free ones by themselves. */
    private static Finding ports() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Finding.good("loopback", "a free port was had at once, number " + socket.getLocalPort());
        } catch (IOException e) {
            return new Finding(
                    "loopback",
                    State.BROKEN,
                    String.valueOf(e.getMessage()),
                    "launch and node take ports on loopback: allow it");
        }
    }

    /** {@code 3 things to look at}, or that all is well. */
    public static String verdict(List<Finding> findings) {
        long found = findings.stream()
                .filter(finding -> finding.state() != State.GOOD)
                .count();
        return found == 0 ? "Everything is as it should be." : Plural.of(found, "thing") + " to look at.";
    }
}
