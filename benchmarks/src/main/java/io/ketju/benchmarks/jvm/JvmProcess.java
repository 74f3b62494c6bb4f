package io.ketju.benchmarks.jvm;

import io.ketju.benchmarks.peers.PeerProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts JVMs with this one's flags and class path, to answer as {@link JvmPeer}. */
public final class JvmProcess {
    private JvmProcess() {}

    /** One more JVM, with more flags. */
    public static PeerProcess start(String name, String... flags) throws IOException {
        return new PeerProcess(name, command(JvmPeer.class, flags), Map.of());
    }

    /** What starts a class of this class path in a JVM with this one's flags, and more. */
    public static List<String> command(Class<?> main, String... flags) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }
}
