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
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), JvmPeer.class.getName()));
        return new PeerProcess(name, command, Map.of());
    }
}
