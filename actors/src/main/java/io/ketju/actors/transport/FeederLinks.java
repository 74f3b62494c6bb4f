package io.ketju.actors.transport;

import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageLink;
import java.util.concurrent.CompletableFuture;

/** The links of a run's batch feeder. */
@FunctionalInterface
public interface FeederLinks {
    /** Opens the link to a stage; a failure completes the future, nothing is thrown. */
    CompletableFuture<StageLink> open(StageAddress to);
}
