package io.ketju.deploy.command;

import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.deploy.launch.Address;
import io.ketju.deploy.launch.LocalWorkers;
import io.ketju.deploy.launch.ParentWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Worker processes of this machine, and how a run reaches them; they end when this is closed.
 *
 * @param address where they meet
 */
record LaunchedCluster(LocalWorkers workers, Address address, ClusterOptions options) implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    /**
     * Starts them.
     *
     * @param threads of each
     * @param more arguments of each one's command line
     */
    static LaunchedCluster start(int count, int threads, DataPath path, List<String> more) {
        Address address = Address.free(HOST);
        List<String> arguments = new ArrayList<>(List.of(
                "node",
                "--seed-node",
                address.toString(),
                "--host",
                HOST,
                "--threads",
                Integer.toString(threads),
                ClusterFlags.DATA_PATH,
                path.text(),
                ParentWatch.OPTION));
        arguments.addAll(more);
        LocalWorkers workers = LocalWorkers.start(count, arguments);
        ClusterOptions options = new ClusterOptions(
                HOST,
                address.port(),
                List.of(address.toString()),
                count,
                ClusterFlags.JOIN_TIMEOUT,
                path,
                workers,
                Optional.empty());
        return new LaunchedCluster(workers, address, options);
    }

    @Override
    public void close() {
        workers.close();
    }
}
