package io.ketju.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ComputeDispatcherTest {
    private final ActorTestKit kit = ActorTestKit.create();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    /** Asks an actor on which thread it runs. */
    private record Ask(ActorRef<Thread> replyTo) {}

    private static Behavior<Ask> teller() {
        return Behaviors.receiveMessage(ask -> {
            ask.replyTo().tell(Thread.currentThread());
            return Behaviors.same();
        });
    }

    @Test
    void actorsRunOnTheThreadsOfTheirCore() {
        try (TensorCore core = TensorCore.open(2);
                TensorCore other = TensorCore.open(1)) {
            List<Thread> ofOther = threadsOf(other, 1);
            DispatcherSelector selector = ComputeDispatcher.of(kit.system(), core);
            ActorRef<Ask> first = kit.spawn(teller(), selector);
            ActorRef<Ask> second = kit.spawn(teller(), selector);
            ActorRef<Ask> elsewhere = kit.spawn(teller(), ComputeDispatcher.of(kit.system(), other));

            assertThat(threadsOf(core, 2)).contains(threadOf(first), threadOf(second));
            assertThat(ofOther).containsExactly(threadOf(elsewhere));
            kit.stop(first);
            kit.stop(second);
            kit.stop(elsewhere);
        }
    }

    private Thread threadOf(ActorRef<Ask> actor) {
        TestProbe<Thread> probe = kit.createTestProbe();
        actor.tell(new Ask(probe.getRef()));
        return probe.receiveMessage();
    }

    /** As many tasks that wait for each other as there are threads run on all of them. */
    private static List<Thread> threadsOf(TensorCore core, int count) {
        CountDownLatch all = new CountDownLatch(count);
        CountDownLatch ended = new CountDownLatch(count);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            core.submit(() -> {
                synchronized (threads) {
                    threads.add(Thread.currentThread());
                }
                all.countDown();
                await(all);
                ended.countDown();
            });
        }
        await(ended);
        synchronized (threads) {
            return List.copyOf(threads);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
