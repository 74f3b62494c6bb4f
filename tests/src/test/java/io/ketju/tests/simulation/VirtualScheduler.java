package io.ketju.tests.simulation;

import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/** The timers of an actor system by the clock of its {@link World}. */
public final class VirtualScheduler extends AbstractScheduler {
    private final World world;

    public VirtualScheduler(Config settings, LoggingAdapter log, ThreadFactory threads) {
        world = World.of(settings.getString("ketju.simulation.world"));
    }

    @Override
    @SuppressWarnings("deprecation") // timers of actors still come by it
    public Cancellable schedule(
            FiniteDuration initial, FiniteDuration interval, Runnable work, ExecutionContext executor) {
        Repeated repeated = new Repeated(interval.toNanos(), work, world.current());
        repeated.next(initial.toNanos());
        return repeated;
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable work, ExecutionContext executor) {
        return new Once(world.after(delay.toNanos(), world.current(), work));
    }

    @Override
    public double maxFrequency() {
        return 1e9;
    }

    private record Once(World.Timer timer) implements Cancellable {
        @Override
        public boolean cancel() {
            boolean pending = !timer.cancelled && !timer.fired;
            timer.cancelled = true;
            return pending;
        }

        @Override
        public boolean isCancelled() {
            return timer.cancelled;
        }
    }

    private final class Repeated implements Cancellable {
        private final long interval;
        private final Runnable work;
        private final Node node;
        private boolean cancelled;

        Repeated(long interval, Runnable work, Node node) {
            this.interval = interval;
            this.work = work;
            this.node = node;
        }

        void next(long nanos) {
            world.after(nanos, node, () -> {
                if (!cancelled) {
                    work.run();
                    next(interval);
                }
            });
        }

        @Override
        public boolean cancel() {
            boolean pending = !cancelled;
            cancelled = true;
            return pending;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }
}
