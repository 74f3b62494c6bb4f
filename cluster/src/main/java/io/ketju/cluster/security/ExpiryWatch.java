package io.ketju.cluster.security;

import io.ketju.protocol.security.InvalidCredentialsException;
import io.ketju.protocol.security.NodeCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log of a node once a day that its certificate ends soon, or has ended: a node may run for longer than what it was told of
 * at its start holds.
 */
public final class ExpiryWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiryWatch.class);
    private static final Duration EVERY = Duration.ofDays(1);

    private final NodeCredentials credentials;
    private final Consumer<String> log;

    /** @param log takes a line */
    ExpiryWatch(NodeCredentials credentials, Consumer<String> log) {
        this.credentials = credentials;
        this.log = log;
    }

    /**
     * Begins it; it ends with the node's actor system.
     *
     * @param system of the node
     * @param credentials that the node has read; keys are read once
     */
    public static void begin(ActorSystem<?> system, NodeCredentials credentials) {
        ExpiryWatch watch = new ExpiryWatch(credentials, LOG::warn);
        system.scheduler()
                .scheduleWithFixedDelay(EVERY, EVERY, () -> watch.look(Instant.now()), system.executionContext());
    }

    void look(Instant now) {
        try {
            credentials.requireValid(now).ifPresent(log);
        } catch (InvalidCredentialsException e) {
            log.accept(e.getMessage());
        }
    }
}
