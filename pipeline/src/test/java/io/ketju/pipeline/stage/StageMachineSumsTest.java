package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.stage.StageEffect.Discard;
import io.ketju.pipeline.stage.StageEffect.FinishWindow;
import io.ketju.pipeline.stage.StageEffect.ReportSums;
import io.ketju.pipeline.stage.StageEffect.RunCompute;
import io.ketju.pipeline.stage.StageEvent.Aborted;
import io.ketju.pipeline.stage.StageEvent.ComputeDone;
import io.ketju.pipeline.stage.StageEvent.StageStopped;
import io.ketju.pipeline.stage.StageEvent.SumsAgreed;
import io.ketju.pipeline.stage.StageEvent.TensorArrived;
import io.ketju.pipeline.stage.StageEvent.WindowGranted;
import io.ketju.pipeline.stage.StagePorts.Port;
import io.ketju.pipeline.stage.Window.Phase;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A rank whose steps wait for sums over the whole model. */
class StageMachineSumsTest {
    private static final int INCARNATION = 5;
    private static final List<Double> MADE = List.of(1.5, 2.5);
    private static final List<Double> ALL = List.of(7.0);

    private final TensorPool pool = new TensorPool("test", 4, 32);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void theStepRunsWithTheAnswer() {
        StageMachine machine = alone();
        Window window = toSums(machine, 0);
        assertThat(machine.on(sumsDone(0))).containsExactly(new ReportSums(0, window, MADE));
        assertThat(machine.describe()).isEqualTo("stage 0, window 0, action 0S: waits for the sums of all stages");
        assertThat(machine.on(new SumsAgreed(0, ALL)))
                .containsExactly(new RunCompute(window, Action.step(0), List.of(), ALL));
        assertThat(machine.on(new ComputeDone(Action.step(0), List.of()))).containsExactly(new FinishWindow(0, window));
        assertThat(machine.finishedWindows()).isEqualTo(1);
    }

    @Test
    void anAnswerThatComesTwiceOrLateIsDropped() {
        StageMachine machine = alone();
        toSums(machine, 0);
        machine.on(sumsDone(0));
        machine.on(new SumsAgreed(0, ALL));
        assertThat(machine.on(new SumsAgreed(0, List.of(8.0)))).isEmpty();
        machine.on(new ComputeDone(Action.step(0), List.of()));
        assertThat(machine.on(new SumsAgreed(0, ALL))).isEmpty();
        Window next = toSums(machine, 1);
        assertThat(machine.on(new SumsAgreed(0, ALL))).isEmpty();
        machine.on(sumsDone(0));
        assertThat(machine.on(new SumsAgreed(0, ALL))).isEmpty();
        assertThat(machine.on(new SumsAgreed(1, List.of(9.0))))
                .containsExactly(new RunCompute(next, Action.step(0), List.of(), List.of(9.0)));
    }

    @Test
    void anAnswerBeforeTheQuestionIsIllegal() {
        StageMachine machine = alone();
        assertIllegal(machine, new SumsAgreed(0, ALL), "the sums of window 0 are agreed, which nothing here waits for");
        toSums(machine, 0);
        assertIllegal(machine, new SumsAgreed(0, ALL), "the sums of window 0 are agreed");
        assertIllegal(machine, new SumsAgreed(1, ALL), "the sums of window 1 are agreed");
        machine.on(sumsDone(0));
        assertIllegal(machine, new SumsAgreed(1, ALL), "the sums of window 1 are agreed");
    }

    @Test
    void anAbortEndsTheWait() {
        StageMachine machine = alone();
        toSums(machine, 0);
        machine.on(sumsDone(0));
        TensorLease early = lease();
        machine.on(new TensorArrived(0, key(1, ChainPorts.INPUT), early));
        assertThat(machine.on(new Aborted("enough"))).containsExactly(new Discard(early, "aborted: enough"));
        early.close();
        assertThat(machine.on(new SumsAgreed(0, ALL))).isEmpty();
    }

    @Test
    void aRankMakesTheSumsOfAllItsStagesBeforeItsFirstStep() {
        StageMachine rank = ends(Set.of(0, 3));
        Window window = toSumsOfTwo(rank);
        assertThat(rank.on(sumsDone(0)))
                .containsExactly(new ReportSums(0, window, MADE), new RunCompute(window, Action.sums(3), List.of()));
        assertIllegal(rank, new SumsAgreed(0, ALL), "the sums of window 0 are agreed");
        assertThat(rank.on(sumsDone(3))).containsExactly(new ReportSums(3, window, MADE));
        assertThat(rank.on(new SumsAgreed(0, ALL)))
                .containsExactly(new RunCompute(window, Action.step(0), List.of(), ALL));
        assertThat(rank.on(new ComputeDone(Action.step(0), List.of())))
                .containsExactly(new FinishWindow(0, window), new RunCompute(window, Action.step(3), List.of(), ALL));
    }

    @Test
    void aStageThatMakesNoneDoesNotWait() {
        StageMachine rank = ends(Set.of(3));
        Window window = toSumsOfTwo(rank);
        assertThat(rank.on(sumsDone(3)))
                .containsExactly(new ReportSums(3, window, MADE), new RunCompute(window, Action.step(0), List.of()));
        // The answer comes while the other step runs.
        assertThat(rank.on(new SumsAgreed(0, ALL))).isEmpty();
        assertThat(rank.on(new ComputeDone(Action.step(0), List.of())))
                .containsExactly(new FinishWindow(0, window), new RunCompute(window, Action.step(3), List.of(), ALL));
    }

    @Test
    void aRankGoesOnWithoutAStageWhoseGradientsAreBad() {
        StageMachine rank = ends(Set.of(0, 3));
        Window window = toSumsOfTwo(rank);
        assertThat(rank.on(new StageStopped(0, "a gradient is NaN")))
                .containsExactly(new RunCompute(window, Action.sums(3), List.of()));
        assertThat(rank.on(sumsDone(3))).containsExactly(new ReportSums(3, window, MADE));
        assertThat(rank.describe()).isEqualTo("stage 3, window 0, action 3S: waits for the sums of all stages");
    }

    @Test
    void windowsThatEvaluateAskForNone() {
        StageMachine machine = alone();
        Window window = new Window(0, Phase.EVALUATE, 0, 2, 1, 2);
        machine.on(new WindowGranted(window));
        machine.on(new TensorArrived(0, key(0, ChainPorts.INPUT), lease()));
        assertThat(closing(machine.on(new TensorArrived(0, key(0, ChainPorts.TARGET), lease()))))
                .containsExactly(new RunCompute(window, Action.parse("0F0"), List.of()));
        assertThat(machine.on(new ComputeDone(Action.parse("0F0"), List.of())))
                .containsExactly(new FinishWindow(0, window));
    }

    /** One stage, whose step waits. */
    private static StageMachine alone() {
        return machine(Placement.oneEach(1), Set.of(0));
    }

    /** The rank with both ends of a chain of four stages. */
    private static StageMachine ends(Set<Integer> summing) {
        return machine(Placement.vee(2), summing);
    }

    private static StageMachine machine(Placement placement, Set<Integer> summing) {
        SchedulePlan plan = new GPipe().plan(placement, 1).withSums(summing);
        List<StageMachine.Stage> stages = placement.stagesOf(0).stream()
                .map(stage -> new StageMachine.Stage(
                        ChainPorts.of(stage, placement.stages()).withSums(objective -> summing.contains(stage)), 8))
                .toList();
        return new StageMachine(plan, 0, INCARNATION, stages);
    }

    /** Runs a window of the only stage until its sums are made. */
    private Window toSums(StageMachine machine, long number) {
        Window window = new Window(number, Phase.TRAIN, number + 1, 2, 1, 2);
        machine.on(new WindowGranted(window));
        machine.on(new TensorArrived(0, key(number, ChainPorts.INPUT), lease()));
        closing(machine.on(new TensorArrived(0, key(number, ChainPorts.TARGET), lease())));
        machine.on(new ComputeDone(Action.parse("0F0"), List.of()));
        assertThat(machine.on(new ComputeDone(Action.parse("0B0"), List.of())))
                .containsExactly(new RunCompute(window, Action.sums(0), List.of()));
        return window;
    }

    /** Runs a window of both ends until the rank's first sums are made. */
    private Window toSumsOfTwo(StageMachine rank) {
        Window window = new Window(0, Phase.TRAIN, 1, 2, 1, 2);
        rank.on(new WindowGranted(window));
        closing(rank.on(new TensorArrived(0, key(0, ChainPorts.INPUT), lease())));
        closing(rank.on(new ComputeDone(Action.parse("0F0"), List.of(lease()))));
        rank.on(new TensorArrived(3, key(0, ChainPorts.TARGET), lease()));
        closing(rank.on(new TensorArrived(3, key(0, ChainPorts.ACTIVATION), lease())));
        rank.on(new ComputeDone(Action.parse("3F0"), List.of()));
        closing(rank.on(new ComputeDone(Action.parse("3B0"), List.of(lease()))));
        closing(rank.on(new TensorArrived(0, key(0, ChainPorts.GRADIENT), lease())));
        List<StageEffect> next = rank.on(new ComputeDone(Action.parse("0B0"), List.of()));
        assertThat(next).singleElement().asString().containsPattern("action=\\dN");
        return window;
    }

    private static ComputeDone sumsDone(int stage) {
        return new ComputeDone(Action.sums(stage), List.of(), MADE);
    }

    private TensorLease lease() {
        return pool.lease(Shape.of(1));
    }

    private static TensorKey key(long window, Port port) {
        return new TensorKey(INCARNATION, window, port.kind(), 0, port.edge());
    }

    /** Closes the leases of effects; computes without them. */
    private static List<StageEffect> closing(List<StageEffect> effects) {
        return effects.stream()
                .map(effect -> switch (effect) {
                    case RunCompute run -> {
                        run.arrived().forEach(TensorLease::close);
                        yield new RunCompute(run.window(), run.action(), List.of(), run.sums());
                    }
                    case StageEffect.SendTensor send -> {
                        send.lease().close();
                        yield send;
                    }
                    default -> effect;
                })
                .toList();
    }

    private static void assertIllegal(StageMachine machine, StageEvent event, String message) {
        String before = machine.describe();
        assertThatThrownBy(() -> machine.on(event))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(before)
                .hasMessageContaining(message);
        assertThat(machine.describe()).isEqualTo(before);
    }
}
