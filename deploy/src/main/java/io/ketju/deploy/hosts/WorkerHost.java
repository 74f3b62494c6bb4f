package io.ketju.deploy.hosts;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A host that is to have a worker.
 *
 * @param where its line: {@code hosts.txt:3}
 * @param host as ssh knows it
 * @param user there; empty: as ssh is set up
 * @param address where other nodes reach it
 * @param threads that compute there; empty: all its processors
 * @param port of its sshd; empty: as ssh is set up
 * @param identity the key for ssh; empty: as ssh is set up
 * @param certs folder here with its node's certificate; empty: one is made for the run
 */
public record WorkerHost(
        String where,
        String host,
        Optional<String> user,
        String address,
        OptionalInt threads,
        OptionalInt port,
        Optional<Path> identity,
        Optional<Path> certs) {
    /** This, with a number of threads where it has none of its own. */
    public WorkerHost withThreads(int count) {
        return threads.isPresent()
                ? this
                : new WorkerHost(where, host, user, address, OptionalInt.of(count), port, identity, certs);
    }
}
