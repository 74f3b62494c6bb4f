package io.ketju.actors.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.stage.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeederMachineTest {
    private static final RunFailure BROKEN = new RunFailure.BadData("row 7 has 3 columns");

    private final FeederMachine machine = new FeederMachine(new int[] {2, 2}, window -> new int[] {1, 1});

    @Test
    void sendsWhatTheBuffersAllowAndGoesOnWhenBothCameBack() {
        connect();
        assertThat(on(new FeederEvent.WindowGranted(window(0, 3)))).containsExactly(sent(0, 3, 0), sent(0, 3, 1));
        assertThat(on(new FeederEvent.BuffersFreed(0, 1))).isEmpty();
        assertThat(on(new FeederEvent.BuffersFreed(1, 1))).containsExactly(sent(0, 3, 2));
        assertThat(on(new FeederEvent.WindowGranted(window(1, 1)))).isEmpty();
        on(new FeederEvent.BuffersFreed(1, 1));
        assertThat(on(new FeederEvent.BuffersFreed(0, 1))).containsExactly(sent(1, 1, 0));
        assertThat(on(new FeederEvent.StopAsked()))
                .containsExactly(new FeederEffect.CloseLinks(), new FeederEffect.End());
    }

    @Test
    void withoutAWayNothingIsSent() {
        assertThat(on(new FeederEvent.WindowGranted(window(0, 1)))).isEmpty();
        assertThat(on(new FeederEvent.ConnectAsked())).containsExactly(new FeederEffect.OpenLinks());
        RunFailure none = new RunFailure.FeederUnconnected("connection refused");
        assertThat(on(new FeederEvent.Failed(none))).containsExactly(new FeederEffect.ReportFailed(none));
        assertThat(on(new FeederEvent.WindowGranted(window(1, 1)))).isEmpty();
        assertThat(on(new FeederEvent.StopAsked())).containsExactly(new FeederEffect.End());
    }

    @Test
    void aFailureIsToldOnceAndTheWaysStayOpenUntilTheEnd() {
        connect();
        assertThat(on(new FeederEvent.Failed(BROKEN))).containsExactly(new FeederEffect.ReportFailed(BROKEN));
        assertThat(on(new FeederEvent.Failed(BROKEN))).isEmpty();
        assertThat(on(new FeederEvent.WindowGranted(window(0, 1)))).isEmpty();
        assertThat(on(new FeederEvent.BuffersFreed(0, 1))).isEmpty();
        assertThat(on(new FeederEvent.StopAsked()))
                .containsExactly(new FeederEffect.CloseLinks(), new FeederEffect.End());
        assertThat(on(new FeederEvent.LinksOpened())).isEmpty();
    }

    @Test
    void whateverTheOrderEveryMicrobatchIsSentOnceAndInOrder() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int buffers = 1 + random.nextInt(4);
            World world = new World(
                    new FeederMachine(new int[] {buffers, buffers}, window -> new int[] {1, 1}),
                    buffers,
                    "seed " + seed);
            List<FeederEvent> commands = new ArrayList<>(List.of(new FeederEvent.ConnectAsked()));
            List<FeederEffect> expected = new ArrayList<>();
            for (int number = 0; number < 5; number++) {
                int microbatches = 1 + random.nextInt(6);
                commands.add(new FeederEvent.WindowGranted(window(number, microbatches)));
                for (int microbatch = 0; microbatch < microbatches; microbatch++) {
                    expected.add(sent(number, microbatches, microbatch));
                }
            }
            while (!commands.isEmpty() || !world.underWay.isEmpty()) {
                boolean command = world.underWay.isEmpty() || (!commands.isEmpty() && random.nextBoolean());
                world.on(
                        command
                                ? commands.removeFirst()
                                : world.underWay.remove(random.nextInt(world.underWay.size())));
            }
            assertThat(world.sent).as("seed %d", seed).isEqualTo(expected);
        }
    }

    private void connect() {
        on(new FeederEvent.ConnectAsked());
        assertThat(on(new FeederEvent.LinksOpened())).containsExactly(new FeederEffect.ReportConnected());
    }

    private List<FeederEffect> on(FeederEvent event) {
        return machine.on(event);
    }

    private static FeederEffect sent(int window, int microbatches, int microbatch) {
        return new FeederEffect.SendMicrobatch(window(window, microbatches), microbatch);
    }

    private static GrantedWindow window(int number, int microbatches) {
        Window window = new Window(number, Window.Phase.TRAIN, number + 1, 12, microbatches, 12);
        return new GrantedWindow(window, number);
    }

    /** Links and stages: buffers come back in any order, inputs apart from targets. */
    private static final class World {
        private final FeederMachine machine;
        private final String seed;
        private final List<FeederEvent> underWay = new ArrayList<>();
        private final List<FeederEffect> sent = new ArrayList<>();
        private int inputs;
        private int targets;

        World(FeederMachine machine, int buffers, String seed) {
            this.machine = machine;
            this.inputs = buffers;
            this.targets = buffers;
            this.seed = seed;
        }

        void on(FeederEvent event) {
            switch (event) {
                case FeederEvent.BuffersFreed freed -> {
                    inputs += 1 - freed.port();
                    targets += freed.port();
                }
                default -> {}
            }
            machine.on(event).forEach(this::perform);
        }

        private void perform(FeederEffect effect) {
            switch (effect) {
                case FeederEffect.OpenLinks open -> underWay.add(new FeederEvent.LinksOpened());
                case FeederEffect.ReportConnected connected -> {}
                case FeederEffect.SendMicrobatch send -> {
                    inputs--;
                    targets--;
                    assertThat(Math.min(inputs, targets))
                            .as("%s: buffers left", seed)
                            .isNotNegative();
                    sent.add(send);
                    underWay.add(new FeederEvent.BuffersFreed(0, 1));
                    underWay.add(new FeederEvent.BuffersFreed(1, 1));
                }
                case FeederEffect.ReportFailed failed -> throw new AssertionError(seed + ": " + failed);
                case FeederEffect.CloseLinks close -> throw new AssertionError(seed + ": " + close);
                case FeederEffect.End end -> throw new AssertionError(seed + ": " + end);
            }
        }
    }
}
