package io.ketju.testkit;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.StateHash;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.pipeline.trace.TracedTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one rank heard, ran and said in a {@link RecordedRun}: a script to play to a rank under test, and what it must answer.
 *
 * @param rank its number
 * @param messages in their order
 * @param digests of the rank's parameters and optimizer state after them, by name, as {@link StateHash#digests} has them
 */
public record RankRecord(int rank, List<RankMessage> messages, SortedMap<String, String> digests) {
    /** Copies both, and sorts the digests by name. */
    public RankRecord {
        messages = List.copyOf(messages);
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
    }

    /** {@return one line for each message: an expectation for a test or a file} */
    public List<String> lines() {
        return messages.stream().map(RankMessage::line).toList();
    }

    /** {@return what came from outside, in its order; what the rank's stages sent each other is left out} */
    public List<RankMessage.Heard> heard() {
        return of(RankMessage.Heard.class).stream().filter(this::fromOutside).toList();
    }

    /** {@return what left the rank, in its order} */
    public List<RankMessage.Sent> sent() {
        List<Integer> own = stages();
        return of(RankMessage.Sent.class).stream()
                .filter(message -> !own.contains(message.to()))
                .toList();
    }

    /** {@return what it ran, in its order} */
    public List<Action> actions() {
        return of(RankMessage.Ran.class).stream().map(RankMessage.Ran::action).toList();
    }

    /** {@return the rank's stages, sorted: all that finished anything} */
    public List<Integer> stages() {
        return of(RankMessage.Finished.class).stream()
                .map(RankMessage.Finished::stage)
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The same with what came from outside in another order: within each window the grant and the tensors in any, and one
     * tensor of four a second time, at once or much later.
     *
     * @param seed decides the order, and alone
     * @return a script that a rank must answer with the same bits
     */
    public RankRecord shuffled(long seed) {
        Random random = new Random(seed);
        Map<Long, List<RankMessage.Heard>> windows = heard().stream()
                .collect(Collectors.groupingBy(RankMessage.Heard::number, TreeMap::new, Collectors.toList()));
        List<RankMessage.Heard> order = new ArrayList<>();
        for (List<RankMessage.Heard> window : windows.values()) {
            List<RankMessage.Heard> first = new ArrayList<>();
            for (RankMessage.Heard message : window) {
                if (!(message instanceof RankMessage.SumsAgreed)) {
                    first.add(message);
                }
                if (message instanceof RankMessage.Arrived && random.nextInt(4) == 0) {
                    first.add(message);
                }
            }
            Collections.shuffle(first, random);
            order.addAll(first);
            window.stream().filter(RankMessage.SumsAgreed.class::isInstance).forEach(order::add);
        }
        return withHeard(order);
    }

    /**
     * The same with tensors in the order in which they came to the rank in another run of the job, which left this trace.
     *
     * @param trace of the process that had the rank
     * @return a script that a rank must answer with the same bits
     * @throws AssertionError if one of them is not in the trace
     */
    public RankRecord inOrderOf(ProcessTrace trace) {
        Map<TracedTensor, Long> times = new HashMap<>();
        trace.arrived().forEach(tensor -> times.put(untimed(tensor), tensor.at()));
        List<RankMessage.Heard> order = new ArrayList<>();
        List<RankMessage.Heard> tensors = new ArrayList<>();
        for (RankMessage.Heard message : heard()) {
            // Nothing that belongs to a window comes before the sums of the one before it.
            if (!(message instanceof RankMessage.Arrived)) {
                order.addAll(sorted(tensors, times));
                tensors.clear();
                order.add(message);
            } else {
                tensors.add(message);
            }
        }
        order.addAll(sorted(tensors, times));
        return withHeard(order);
    }

    private static List<RankMessage.Heard> sorted(List<RankMessage.Heard> tensors, Map<TracedTensor, Long> times) {
        return tensors.stream()
                .sorted(Comparator.comparing(message -> {
                    RankMessage.Arrived arrived = (RankMessage.Arrived) message;
                    Long at = times.get(traced(arrived));
                    if (at == null) {
                        throw new AssertionError("the trace has no " + arrived.key() + " at stage " + arrived.to());
                    }
                    return at;
                }))
                .toList();
    }

    private static TracedTensor traced(RankMessage.Arrived arrived) {
        return new TracedTensor(
                arrived.key().kind(),
                arrived.key().window(),
                arrived.key().microbatch(),
                arrived.key().edge(),
                arrived.from(),
                arrived.to(),
                0);
    }

    private static TracedTensor untimed(TracedTensor tensor) {
        return new TracedTensor(
                tensor.kind(), tensor.window(), tensor.microbatch(), tensor.edge(), tensor.from(), tensor.to(), 0);
    }

    /**
     * Compares what the rank ran with another run of the job.
     *
     * @param trace of the process that had the rank
     * @throws AssertionError unless it ran the same actions there, in the same order
     */
    public void requireSameActions(ProcessTrace trace) {
        long windows = of(RankMessage.Granted.class).size();
        List<Action> ran = trace.actions().stream()
                .filter(action -> action.rank() == rank && action.window() < windows)
                .map(TracedAction::action)
                .toList();
        if (!ran.equals(actions())) {
            throw new AssertionError("rank " + rank + ": expected the actions " + actions() + ", found " + ran);
        }
    }

    /**
     * Tells a rank, which has heard nothing yet, all of it, and compares every tensor that it sends, in their order, every
     * sum and report, and in the end its parameters and optimizer state, bit for bit.
     *
     * @param tested of the same job, with this record's number
     * @throws AssertionError saying what differs first
     */
    public void playTo(TestedRank tested) {
        for (RankMessage.Heard message : heard()) {
            tell(tested, message);
        }
        tested.settle();
        requireSameTensors(tested.sent());
        for (RankMessage message : messages) {
            requireReport(tested, message);
        }
        tested.expectNoReport();
        States.requireSameDigests(digests, StateHash.digests(tested.tensors()));
        if (tested.leasesOutstanding() != 0) {
            throw new AssertionError(tested.leasesOutstanding() + " leases outstanding after the last window");
        }
    }

    private static void tell(TestedRank tested, RankMessage.Heard message) {
        switch (message) {
            case RankMessage.Granted granted -> {
                tested.settle(); // so that no more windows are unfinished than may be
                tested.grant(granted.window());
            }
            case RankMessage.Arrived arrived -> tested.deliverTo(arrived.to(), arrived.key(), arrived.values());
            case RankMessage.SumsAgreed agreed -> {
                tested.settle(); // nobody hears sums before all have told theirs
                tested.tell(new StageCommand.TakeSums(TestedRank.INCARNATION, agreed.number(), agreed.sums()));
            }
        }
    }

    private void requireSameTensors(List<RankMessage.Sent> found) {
        List<RankMessage.Sent> expected = sent();
        for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
            RankMessage.Sent wanted = i < expected.size() ? expected.get(i) : null;
            RankMessage.Sent there = i < found.size() ? found.get(i) : null;
            if (wanted == null || there == null || !wanted.key().equals(there.key()) || wanted.to() != there.to()) {
                throw new AssertionError("tensor " + i + " of rank " + rank + ": expected "
                        + (wanted == null ? "no more" : wanted.line()) + ", found "
                        + (there == null ? "no more" : there.line()));
            }
            if (!wanted.values().equals(there.values())) {
                throw new AssertionError("tensor " + i + " of rank " + rank + ", " + wanted.key() + ": "
                        + Values.difference(wanted.values(), there.values()));
            }
        }
    }

    private static void requireReport(TestedRank tested, RankMessage message) {
        if (message instanceof RankMessage.SumsMade sums) {
            CoordinatorCommand next = tested.coordinator().receiveMessage(TestedRank.PATIENCE);
            requireEqual(
                    new CoordinatorCommand.SumsMade(TestedRank.INCARNATION, sums.stage(), sums.window(), sums.sums()),
                    next);
        } else if (message instanceof RankMessage.Finished finished) {
            CoordinatorCommand next = tested.coordinator().receiveMessage(TestedRank.PATIENCE);
            if (!(next instanceof CoordinatorCommand.WindowFinished there)
                    || there.stage() != finished.stage()
                    || there.window() != finished.window()) {
                throw new AssertionError("expected " + finished.line() + ", found " + next);
            }
        }
    }

    private static void requireEqual(Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            throw new AssertionError("expected " + expected + ", found " + found);
        }
    }

    private boolean fromOutside(RankMessage.Heard message) {
        return !(message instanceof RankMessage.Arrived arrived && stages().contains(arrived.from()));
    }

    /** All that was heard first: the rank's list decides when what of it is used. */
    private RankRecord withHeard(List<RankMessage.Heard> order) {
        List<RankMessage> all = new ArrayList<>(order);
        messages.stream()
                .filter(message -> !(message instanceof RankMessage.Heard heard && fromOutside(heard)))
                .forEach(all::add);
        return new RankRecord(rank, all, digests);
    }

    private <T extends RankMessage> List<T> of(Class<T> kind) {
        return messages.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
