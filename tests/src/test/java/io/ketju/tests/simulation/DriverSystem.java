package io.ketju.tests.simulation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystemImpl;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.internal.adapter.ActorSystemAdapter;

/** The actor system of a driver, as the driver sees it: its own tree within the one system of a simulation. */
final class DriverSystem<T> extends ActorSystemAdapter<T> {
    private final ActorRef<T> top;

    DriverSystem(ActorSystem<?> whole, ActorRef<T> top) {
        super((ActorSystemImpl) whole.classicSystem());
        this.top = top;
    }

    @Override
    public void tell(T message) {
        top.tell(message);
    }

    /** The simulation ends all trees at once. */
    @Override
    public void terminate() {}

    @Override
    public CompletionStage<Done> getWhenTerminated() {
        return new CompletableFuture<>();
    }
}
