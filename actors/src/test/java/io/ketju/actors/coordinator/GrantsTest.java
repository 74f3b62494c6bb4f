package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.stage.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrantsTest {
    private static final int INCARNATION = 5;

    private final Grants grants = new Grants(INCARNATION);
    private final List<StageCommand> ranks = new ArrayList<>();
    private final List<FeederCommand> feeder = new ArrayList<>();
    private long next;

    @Test
    void oneGoesAsItIs() {
        add(4);
        send();
        assertThat(ranks).singleElement().isInstanceOf(StageCommand.GrantWindow.class);
        assertThat(feeder).singleElement().isInstanceOf(FeederCommand.FeedWindow.class);
    }

    @Test
    void severalGoTogetherAndOnce() {
        add(4);
        add(4);
        add(3);
        send();
        send();
        assertThat(sizes()).containsExactly(3);
        assertThat(windows()).containsExactly(0L, 1L, 2L);
    }

    @Test
    void thoseThatDoNotFitOneMessageTakeSeveral() {
        int most = Grants.MOST_MICROBATCHES;
        add(most / 2);
        add(most / 2);
        add(1);
        add(2 * most);
        add(most);
        send();
        assertThat(sizes()).containsExactly(2, 1, 1, 1);
        assertThat(windows()).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void nothingIsNoMessage() {
        send();
        assertThat(ranks).isEmpty();
        assertThat(feeder).isEmpty();
    }

    private void add(int microbatches) {
        Window window = new Window(next++, Window.Phase.TRAIN, microbatches, microbatches, microbatches, microbatches);
        grants.add(new StageCommand.GrantWindow(INCARNATION, window), new GrantedWindow(window, window.number()));
    }

    private void send() {
        grants.send(ranks::add, feeder::add);
    }

    /** Of the messages to ranks, which are as long as those to the feeder. */
    private List<Integer> sizes() {
        List<Integer> sizes = ranks.stream()
                .map(message -> message instanceof StageCommand.GrantWindows several
                        ? several.windows().size()
                        : 1)
                .toList();
        assertThat(feeder)
                .map(message -> message instanceof FeederCommand.FeedWindows several
                        ? several.windows().size()
                        : 1)
                .isEqualTo(sizes);
        return sizes;
    }

    private List<Long> windows() {
        List<Long> numbers = new ArrayList<>();
        for (StageCommand message : ranks) {
            switch (message) {
                case StageCommand.GrantWindow one -> numbers.add(one.window().number());
                case StageCommand.GrantWindows several ->
                    several.windows().forEach(one -> numbers.add(one.window().number()));
                default -> throw new AssertionError(message);
            }
        }
        return numbers;
    }
}
