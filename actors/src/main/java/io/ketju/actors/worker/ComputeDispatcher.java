package io.ketju.actors.worker;

import io.ketju.tensor.core.TensorCore;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.dispatch.Dispatcher;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.dispatch.MessageDispatcher;
import org.apache.pekko.dispatch.MessageDispatcherConfigurator;
import scala.concurrent.duration.Duration;
import scala.concurrent.duration.FiniteDuration;

/**
 * Has actors run on the threads of a tensor core: a rank that ends an action takes up the next one without leaving its
 * thread, and a message between two ranks wakes nobody but a thread that computes.
 */
final class ComputeDispatcher {
    /** Each core has its own; a system may see several. */
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Messages that an actor takes before others have a turn. One may be an action that takes long. */
    private static final int THROUGHPUT = 1;

    private static final FiniteDuration SHUTDOWN = FiniteDuration.create(1, TimeUnit.SECONDS);

    private ComputeDispatcher() {}

    /** For actors of this system; the core is closed after the system has ended. */
    static DispatcherSelector of(ActorSystem<?> system, TensorCore core) {
        Dispatchers dispatchers = Adapter.toClassic(system).dispatchers();
        String id = "ketju-compute-" + COUNT.incrementAndGet();
        dispatchers.registerConfigurator(id, new Configurator(dispatchers, id, core));
        return DispatcherSelector.fromConfig(id);
    }

    private static final class Configurator extends MessageDispatcherConfigurator {
        private final Dispatcher dispatcher;

        Configurator(Dispatchers dispatchers, String id, TensorCore core) {
            super(dispatchers.defaultDispatcherConfig(), dispatchers.prerequisites());
            dispatcher = new Dispatcher(
                    this, id, THROUGHPUT, Duration.Zero(), (name, threads) -> () -> new OnCore(core), SHUTDOWN);
        }

        @Override
        public MessageDispatcher dispatcher() {
            return dispatcher;
        }
    }

    /** The core as an executor, whose threads are not the dispatcher's to end. */
    private static final class OnCore extends AbstractExecutorService {
        private final TensorCore core;
        private volatile boolean shutdown;

        OnCore(TensorCore core) {
            this.core = core;
        }

        @Override
        public void execute(Runnable task) {
            try {
                core.submit(task);
            } catch (IllegalStateException e) {
                throw new RejectedExecutionException(e);
            }
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown();
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shutdown;
        }
    }
}
