package io.ketju.pipeline.stage;

import static io.ketju.pipeline.stage.ChainPorts.ACTIVATION;
import static io.ketju.pipeline.stage.ChainPorts.GRADIENT;
import static io.ketju.pipeline.stage.ChainPorts.INPUT;
import static io.ketju.pipeline.stage.ChainPorts.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.stage.StageEffect.Discard;
import io.ketju.pipeline.stage.StageEffect.FinishWindow;
import io.ketju.pipeline.stage.StageEffect.RunCompute;
import io.ketju.pipeline.stage.StageEffect.SendTensor;
import io.ketju.pipeline.stage.StageEvent.Aborted;
import io.ketju.pipeline.stage.StageEvent.ComputeDone;
import io.ketju.pipeline.stage.StageEvent.OutputReleased;
import io.ketju.pipeline.stage.StageEvent.StageStopped;
import io.ketju.pipeline.stage.StageEvent.TensorArrived;
import io.ketju.pipeline.stage.StageEvent.WindowGranted;
import io.ketju.pipeline.stage.StagePorts.Port;
import io.ketju.pipeline.stage.Window.Phase;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StageMachineTest {
    private static final int INCARNATION = 5;

    private final TensorPool pool = new TensorPool("test", 4, StageMachine.MAX_FILED + 8);
    private final StageMachine first = machine(0, 3);
    private final StageMachine middle = machine(1, 3);
    private final StageMachine last = machine(2, 3);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void theOnlyStageRunsItsListAndFinishes() {
        StageMachine machine = machine(0, 1);
        assertThat(grant(machine, train(0, 2))).isEmpty();
        assertThat(arrive(machine, 0, INPUT, 1)).isEmpty();
        assertThat(arrive(machine, 0, INPUT, 0)).isEmpty();
        assertThat(machine.describe()).contains("window 0, action 0F0", "kind=FED, microbatch=0, edge=1");
        assertThat(arrive(machine, 0, TARGET, 0)).hasToString(run(train(0, 2), "0F0"));
        assertThat(machine.describe()).isEqualTo("stage 0, window 0, action 0F0: computing");
        assertThat(arrive(machine, 0, TARGET, 1)).isEmpty();
        for (String[] step : new String[][] {{"0F0", "0B0"}, {"0B0", "0F1"}, {"0F1", "0B1"}, {"0B1", "0S"}}) {
            assertThat(done(machine, step[0])).hasToString(run(train(0, 2), step[1]));
        }
        assertThat(done(machine, "0S")).containsExactly(new FinishWindow(0, train(0, 2)));
        assertThat(machine.finishedWindows()).isEqualTo(1);
    }

    @Test
    void forwardGoesToTheNextStageAndBackwardToThePrevious() {
        grant(middle, train(0, 1));
        TensorLease input = lease();
        assertThat(middle.on(new TensorArrived(1, key(0, ACTIVATION, 0), input)))
                .containsExactly(new RunCompute(train(0, 1), Action.parse("1F0"), List.of(input)));
        TensorLease activation = lease();
        assertThat(middle.on(new ComputeDone(Action.parse("1F0"), List.of(activation))))
                .containsExactly(new SendTensor(1, 2, key(0, ACTIVATION, 0), activation));
        assertThat(arrive(middle, 0, GRADIENT, 0)).hasSize(1);
        TensorLease gradient = lease();
        assertThat(middle.on(new ComputeDone(Action.parse("1B0"), List.of(gradient))))
                .containsExactly(
                        new SendTensor(1, 0, key(0, GRADIENT, 0), gradient),
                        new RunCompute(train(0, 1), Action.step(1), List.of()));
    }

    @Test
    void earlyTensorsWaitForTheirWindow() {
        assertThat(arrive(middle, 1, ACTIVATION, 0)).isEmpty();
        assertThat(arrive(middle, 0, ACTIVATION, 0)).isEmpty();
        assertThat(grant(middle, evaluate(0, 1))).hasSize(1);
        assertThat(grant(middle, evaluate(1, 1))).isEmpty();
        List<StageEffect> effects = doneWithOutput(middle, "1F0");
        assertThat(effects).hasSize(3);
        assertThat(effects.get(1)).isEqualTo(new FinishWindow(1, evaluate(0, 1)));
        assertThat(effects.get(2).toString()).contains("window=Window[number=1", "action=1F0");
    }

    @Test
    void evaluationRunsForwardsOnly() {
        grant(last, evaluate(0, 2));
        arrive(last, 0, ACTIVATION, 0);
        assertThat(arrive(last, 0, TARGET, 0)).hasSize(1);
        arrive(last, 0, ACTIVATION, 1);
        arrive(last, 0, TARGET, 1);
        assertThat(done(last, "2F0")).hasToString(run(evaluate(0, 2), "2F1"));
        assertThat(done(last, "2F1")).containsExactly(new FinishWindow(2, evaluate(0, 2)));
    }

    @Test
    void forwardsWaitForAnOutputBuffer() {
        StageMachine machine = machine(0, 2, 1);
        grant(machine, evaluate(0, 2));
        arrive(machine, 0, INPUT, 0);
        arrive(machine, 0, INPUT, 1);
        assertThat(doneWithOutput(machine, "0F0")).hasSize(1);
        assertThat(machine.describe()).contains("action 0F1: waits for an output buffer");
        assertThat(strip(machine.on(new OutputReleased(0)))).hasToString(run(evaluate(0, 2), "0F1"));
    }

    @Test
    void whatIsLateIsDiscardedWithItsReason() {
        grant(first, evaluate(0, 1));
        assertDiscarded(first, new TensorKey(4, 0, INPUT.kind(), 0, 0), "incarnation 4 is not the current 5");
        assertDiscarded(first, new TensorKey(6, 0, INPUT.kind(), 0, 0), "incarnation 6 is not the current 5");
        assertThat(arrive(first, 0, INPUT, 0)).hasSize(1);
        assertDiscarded(first, key(0, INPUT, 0), "duplicate of " + key(0, INPUT, 0));
        assertThat(arrive(first, 1, INPUT, 0)).isEmpty();
        assertDiscarded(first, key(1, INPUT, 0), "duplicate of " + key(1, INPUT, 0));
        doneWithOutput(first, "0F0");
        assertDiscarded(first, key(0, INPUT, 0), "window 0 is finished");
    }

    @Test
    void abortGivesEverythingBackAndEndsAllWork() {
        grant(middle, train(0, 2));
        arrive(middle, 0, ACTIVATION, 0);
        TensorLease waiting = lease();
        TensorLease output = lease();
        middle.on(new TensorArrived(1, key(0, ACTIVATION, 1), waiting));
        assertThat(middle.on(new Aborted("worker lost"))).containsExactly(new Discard(waiting, "aborted: worker lost"));
        assertThat(middle.on(new ComputeDone(Action.parse("1F0"), List.of(output))))
                .containsExactly(new Discard(output, "aborted: worker lost"));
        assertDiscarded(middle, key(0, GRADIENT, 0), "aborted: worker lost");
        assertThat(middle.on(new ComputeDone(Action.step(1), List.of()))).isEmpty();
        assertThat(grant(middle, train(7, 1))).isEmpty();
        assertThat(middle.on(new OutputReleased(1))).isEmpty();
        assertThat(middle.on(new Aborted("again"))).isEmpty();
        assertThat(middle.describe()).isEqualTo("stage 1: aborted, worker lost");
    }

    @Test
    void windowsMustComeInOrderAndNotTooManyAtOnce() {
        assertIllegal(first, new WindowGranted(train(1, 1)), "window 1 granted, expected 0");
        grant(first, train(0, 1));
        assertIllegal(first, new WindowGranted(train(0, 1)), "window 0 granted, expected 1");
        for (int number = 1; number < StageMachine.MAX_WINDOWS; number++) {
            grant(first, train(number, 1));
        }
        assertIllegal(
                first,
                new WindowGranted(train(StageMachine.MAX_WINDOWS, 1)),
                "window 16 granted, but 16 are unfinished already");
    }

    @Test
    void tensorsOfOthersAreIllegal() {
        assertIllegal(first, arrival(first, key(0, ACTIVATION, 0)), "never comes to stage 0 of 3");
        assertIllegal(first, arrival(first, key(0, TARGET, 0)), "never comes to stage 0 of 3");
        assertIllegal(middle, arrival(middle, key(0, INPUT, 0)), "never comes to stage 1 of 3");
        assertIllegal(last, arrival(last, key(0, GRADIENT, 0)), "never comes to stage 2 of 3");
        assertIllegal(last, arrival(last, key(0, TARGET, -1)), "never comes to stage 2 of 3");
        assertIllegal(last, arrival(last, new TensorKey(INCARNATION, 0, TARGET.kind(), 0, 2)), "never comes");
        assertIllegal(
                last,
                arrival(last, key(StageMachine.MAX_WINDOWS, TARGET, 0)),
                "no window from 16 on can have been granted");
    }

    @Test
    void tensorsThatTheWindowHasNoUseForAreIllegal() {
        grant(middle, evaluate(0, 2));
        assertIllegal(middle, arrival(middle, key(0, ACTIVATION, 2)), "but the window has 2 micro-batches");
        assertIllegal(middle, arrival(middle, key(0, GRADIENT, 0)), "but the window only evaluates");
        arrive(middle, 1, ACTIVATION, 3);
        assertIllegal(middle, new WindowGranted(train(1, 3)), "but the window has 3 micro-batches");
        arrive(middle, 2, GRADIENT, 0);
        grant(middle, train(1, 4));
        assertIllegal(middle, new WindowGranted(evaluate(2, 3)), "but the window only evaluates");
    }

    @Test
    void filesAreBounded() {
        for (int m = 0; m < StageMachine.MAX_FILED; m++) {
            arrive(first, 0, INPUT, m);
        }
        assertIllegal(first, arrival(first, key(1, INPUT, 0)), "but 4096 tensors wait already");
    }

    @Test
    void onlyWhatRunsCanBeDone() {
        assertIllegal(first, new ComputeDone(Action.parse("0F0"), List.of()), "0F0 is done, but nothing was running");
        grant(first, train(0, 2));
        arrive(first, 0, INPUT, 0);
        assertIllegal(first, new ComputeDone(Action.parse("0F1"), List.of()), "0F1 is done, but 0F0 was running");
        assertIllegal(
                first,
                new ComputeDone(Action.parse("0F0"), List.of()),
                "0F0 is done with 0 outputs, expected [Port[kind=ACTIVATION, edge=0]]");
        StageMachine only = machine(0, 1);
        grant(only, train(0, 1));
        arrive(only, 0, INPUT, 0);
        arrive(only, 0, TARGET, 0);
        assertIllegal(
                only,
                new ComputeDone(Action.parse("0F0"), List.of(lease())),
                "0F0 is done with 1 outputs, expected []");
    }

    @Test
    void onlyWhatIsOutCanComeBack() {
        assertIllegal(first, new OutputReleased(0), "an output buffer came back, but none of 8 is out");
    }

    @Test
    void aRankRunsItsListOverItsStages() {
        StageMachine rank = rankOfTwo();
        grant(rank, train(0, 1));
        assertThat(strip(rank.on(new TensorArrived(0, key(0, INPUT, 0), lease()))))
                .hasToString(run(train(0, 1), "0F0"));
        assertThat(rank.on(new TensorArrived(3, key(0, TARGET, 0), lease()))).isEmpty();
        assertThat(rank.on(new ComputeDone(Action.parse("0F0"), List.of(lease()))))
                .hasSize(1);
        assertThat(rank.describe()).contains("stage 3, window 0, action 3F0: waits for", "ACTIVATION");
        assertThat(strip(rank.on(new TensorArrived(3, key(0, ACTIVATION, 0), lease()))))
                .hasToString(run(train(0, 1), "3F0"));
        assertThat(done(rank, "3F0")).hasToString(run(train(0, 1), "3B0"));
        assertThat(doneWithOutput(rank, "3B0").getFirst().toString()).contains("SendTensor[from=3", "GRADIENT");
        assertThat(strip(rank.on(new TensorArrived(0, key(0, GRADIENT, 0), lease()))))
                .hasToString(run(train(0, 1), "0B0"));
        assertThat(done(rank, "0B0")).hasToString(run(train(0, 1), "0S"));
        assertThat(done(rank, "0S").getFirst()).isEqualTo(new FinishWindow(0, train(0, 1)));
        assertThat(rank.finishedWindows()).isZero();
        assertThat(done(rank, "3S")).containsExactly(new FinishWindow(3, train(0, 1)));
        assertThat(rank.finishedWindows()).isEqualTo(1);
        assertIllegal(rank, new TensorArrived(1, key(1, ACTIVATION, 0), lease()), "stage 1 is not here");
    }

    @Test
    void aRankGoesOnWithoutAStageThatStopped() {
        StageMachine rank = rankOfTwo();
        grant(rank, train(0, 1));
        rank.on(new TensorArrived(0, key(0, INPUT, 0), lease()));
        rank.on(new ComputeDone(Action.parse("0F0"), List.of(lease())));
        rank.on(new TensorArrived(3, key(0, TARGET, 0), lease()));
        rank.on(new TensorArrived(3, key(0, ACTIVATION, 0), lease()));
        rank.on(new ComputeDone(Action.parse("3F0"), List.of()));
        TensorLease gradient = lease();
        assertThat(rank.on(new ComputeDone(Action.parse("3B0"), List.of(gradient))))
                .containsExactly(new SendTensor(3, 2, key(0, GRADIENT, 0), gradient));
        rank.on(new TensorArrived(0, key(0, GRADIENT, 0), lease()));
        assertThat(done(rank, "0B0")).hasToString(run(train(0, 1), "0S"));
        TensorLease early = lease();
        assertThat(rank.on(new TensorArrived(0, key(1, INPUT, 0), early))).isEmpty();
        assertThat(strip(rank.on(new StageStopped(0, "a gradient is NaN"))))
                .containsExactly(
                        new Discard(early, "aborted: a gradient is NaN"),
                        new RunCompute(train(0, 1), Action.step(3), List.of()));
        assertThat(done(rank, "3S")).containsExactly(new FinishWindow(3, train(0, 1)));
        assertThat(rank.on(new StageStopped(3, "too"))).isEmpty();
        assertThat(rank.describe()).isEqualTo("stages 0, 3: aborted, too");
    }

    @Test
    void aRankIsGivenItsOwnStages() {
        SchedulePlan plan = new GPipe().plan(Placement.vee(2), 1);
        assertThatThrownBy(() ->
                        new StageMachine(plan, 0, INCARNATION, List.of(new StageMachine.Stage(ChainPorts.of(0, 4), 1))))
                .hasMessage("rank 0 runs stages [0, 3], got [0]");
        assertIllegal(rankOfTwo(), new WindowGranted(train(0, 9)), "9 micro-batches, but the plan has 8");
    }

    /** The rank with both ends of a chain of four stages. */
    private static StageMachine rankOfTwo() {
        SchedulePlan plan = new GPipe().plan(Placement.vee(2), 8);
        return new StageMachine(
                plan,
                0,
                INCARNATION,
                List.of(
                        new StageMachine.Stage(ChainPorts.of(0, 4), 8),
                        new StageMachine.Stage(ChainPorts.of(3, 4), 0)));
    }

    @Test
    void windowsAndPositionsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new Window(0, Phase.TRAIN, 1, 3, 4, 3))
                .hasMessageContaining("cannot split 3 samples into 4 micro-batches");
        assertThatThrownBy(() -> new Window(0, Phase.TRAIN, 1, 3, 0, 3)).hasMessageContaining("0 micro-batches");
        assertThatThrownBy(() -> new Window(0, Phase.TRAIN, 1, 3, 1, 0))
                .hasMessageContaining("weigh more than 0, found 0.0");
        assertThatThrownBy(() -> ChainPorts.of(3, 3)).hasMessage("stage 3 of 3 does not exist");
    }

    private static StageMachine machine(int stage, int stages) {
        return machine(stage, stages, 8);
    }

    private static StageMachine machine(int stage, int stages, int buffers) {
        SchedulePlan plan = SchedulePlan.of(new OneForwardOneBackward(), stages, 8);
        return new StageMachine(
                plan, stage, INCARNATION, List.of(new StageMachine.Stage(ChainPorts.of(stage, stages), buffers)));
    }

    private static Window train(long number, int microbatches) {
        return new Window(number, Phase.TRAIN, number + 1, 9, microbatches, 9);
    }

    private static Window evaluate(long number, int microbatches) {
        return new Window(number, Phase.EVALUATE, number, 9, microbatches, 9);
    }

    private static TensorKey key(long window, Port port, int microbatch) {
        return new TensorKey(INCARNATION, window, port.kind(), microbatch, port.edge());
    }

    private TensorLease lease() {
        return pool.lease(Shape.of(1));
    }

    private TensorArrived arrival(StageMachine machine, TensorKey key) {
        return new TensorArrived(stageOf(machine), key, lease());
    }

    private int stageOf(StageMachine machine) {
        return machine == last ? 2 : machine == middle ? 1 : 0;
    }

    private static List<StageEffect> grant(StageMachine machine, Window window) {
        return machine.on(new WindowGranted(window));
    }

    private List<StageEffect> arrive(StageMachine machine, long window, Port port, int microbatch) {
        return strip(machine.on(arrival(machine, key(window, port, microbatch))));
    }

    private static List<StageEffect> done(StageMachine machine, String action) {
        return strip(machine.on(new ComputeDone(Action.parse(action), List.of())));
    }

    private List<StageEffect> doneWithOutput(StageMachine machine, String action) {
        return machine.on(new ComputeDone(Action.parse(action), List.of(lease())));
    }

    /** Without the leases, so that effects compare by what they do. */
    private static List<StageEffect> strip(List<StageEffect> effects) {
        return effects.stream()
                .map(effect -> effect instanceof RunCompute run
                        ? new RunCompute(run.window(), run.action(), List.of())
                        : effect)
                .toList();
    }

    private static String run(Window window, String action) {
        return List.of(new RunCompute(window, Action.parse(action), List.of())).toString();
    }

    private void assertDiscarded(StageMachine machine, TensorKey key, String reason) {
        TensorLease lease = lease();
        assertThat(machine.on(new TensorArrived(stageOf(machine), key, lease)))
                .containsExactly(new Discard(lease, reason));
    }

    /** Throws, says where, and changes nothing that the next event would notice. */
    private static void assertIllegal(StageMachine machine, StageEvent event, String message) {
        String before = machine.describe();
        assertThatThrownBy(() -> machine.on(event))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(before)
                .hasMessageContaining(message);
        assertThat(machine.describe()).isEqualTo(before);
    }
}
