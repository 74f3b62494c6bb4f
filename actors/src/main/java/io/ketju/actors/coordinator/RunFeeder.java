package io.ketju.actors.coordinator;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeederCommand;
import java.util.OptionalInt;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who feeds a run: the feeder of this JVM, until the worker that was asked says that it does. */
final class RunFeeder {
    private static final Logger LOG = LoggerFactory.getLogger(RunFeeder.class);

    private final CoordinatorParts parts;
    private ActorRef<FeederCommand> actor;
    private OptionalInt worker = OptionalInt.empty();

    RunFeeder(CoordinatorParts parts) {
        this.parts = parts;
        this.actor = parts.feeder();
    }

    /** A worker holds its stages, and perhaps a feeder. */
    void placed(CoordinatorCommand.WorkerPlaced placed) {
        parts.feeding().filter(asked -> asked.worker() == placed.worker()).ifPresent(asked -> {
            if (placed.feeder().isPresent()) {
                actor = placed.feeder().get();
                worker = OptionalInt.of(placed.worker());
            } else {
                LOG.warn(
                        "{} cannot feed the run with '{}', its log says why: this process does",
                        parts.workerName(placed.worker()),
                        asked.data().name());
            }
        });
    }

    ActorRef<FeederCommand> actor() {
        return actor;
    }

    /** The worker that feeds; empty: this JVM does. */
    OptionalInt worker() {
        return worker;
    }

    /** Whether the feeder goes with this worker. */
    boolean isOn(int one) {
        return worker.isPresent() && worker.getAsInt() == one;
    }
}
