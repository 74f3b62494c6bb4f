package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.NonFinite.Kind;
import io.ketju.pipeline.stage.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A run of which stages 0 and 2 make sums for their steps; stage 1 does not. */
class CoordinatorSumsTest {
    private static final Window FIRST = new Window(0, Window.Phase.TRAIN, 1, 4, 2, 4);

    private final List<String> done = new ArrayList<>();
    private final CoordinatorDriver driver =
            new CoordinatorDriver(CoordinatorDriver.machine(new RunLength(1, 3, 1, 2, 1), 0, Set.of(0, 2)), done);

    @Test
    void thoseThatWaitHearTheSumOfAll() {
        start();
        made(2, 0, 0.5);
        made(2, 0, 100);
        made(1, 0, 100);
        assertThat(done).isEmpty();
        made(0, 0, 1, 2);
        assertThat(done).containsExactly("sums 0 [3.5] to [0, 2]");
        made(0, 0, 1, 2);
        driver.finishAll(0);
        assertThat(done).containsExactly("sums 0 [3.5] to [0, 2]", "window 0", "grant 2");
    }

    @Test
    void whatIsLateOrOfNoWindowChangesNothing() {
        start();
        made(0, 0, 1);
        made(2, 0, 2);
        driver.finishAll(0);
        done.clear();
        made(0, 0, 1);
        made(2, 0, 2);
        made(0, 7, 1);
        made(2, 7, 2);
        made(-1, 1, 2);
        assertThat(done).isEmpty();
        driver.on(new CoordinatorEvent.StopRequested("enough"));
        made(0, 1, 4);
        made(2, 1, 4);
        assertThat(done).containsExactly("sums 1 [8.0] to [0, 2]");
    }

    /** A stage whose own gradients are sound waits for an answer that never comes: it does not finish the window. */
    @Test
    void ofBadGradientsAStageThatHasMadeItsSumsKnowsNothing() {
        start();
        made(0, 0, 1);
        driver.on(CoordinatorDriver.finished(1, 0));
        driver.on(new CoordinatorEvent.NonFiniteFound(gradient()));
        assertThat(done)
                .singleElement()
                .asString()
                .startsWith("release step 1: the gradient of 4.weight is NaN at [0]");
    }

    @Test
    void orWhenItMakesThemAfterwards() {
        start();
        driver.on(new CoordinatorEvent.NonFiniteFound(gradient()));
        made(0, 1, 1);
        driver.on(CoordinatorDriver.finished(1, 0));
        assertThat(done).isEmpty();
        made(0, 0, 1);
        assertThat(done)
                .singleElement()
                .asString()
                .startsWith("release step 1: the gradient of 4.weight is NaN at [0]");
    }

    /** A parameter breaks in a step, when the sums are agreed: the others go on to the end of theirs. */
    @Test
    void ofABadParameterTheStepsOfOthersAreWaitedFor() {
        start();
        made(0, 0, 1);
        made(2, 0, 2);
        driver.on(CoordinatorDriver.finished(1, 0));
        driver.on(new CoordinatorEvent.NonFiniteFound(
                new NonFinite(Kind.PARAMETER, FIRST, 0, 2, "parameter 4.weight is NaN at [0]", "layer 5")));
        assertThat(done).containsExactly("sums 0 [3.0] to [0, 2]");
        driver.on(CoordinatorDriver.finished(0, 0));
        assertThat(done).last().asString().startsWith("release step 1: parameter 4.weight is NaN at [0]");
    }

    private static NonFinite gradient() {
        return new NonFinite(Kind.GRADIENT, FIRST, 0, 2, "the gradient of 4.weight is NaN at [0]", "layer 5");
    }

    private void start() {
        driver.start();
        done.clear();
    }

    private void made(int stage, long window, double... sums) {
        List<Double> all = new ArrayList<>();
        for (double sum : sums) {
            all.add(sum);
        }
        driver.on(new CoordinatorEvent.SumsMade(stage, window, all));
    }
}
