package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The lists of all ranks for one mini-batch. It need not be legal: {@link ScheduleValidator} says. Its text is the
 * golden file, the log and the picture in the documentation; the lists in it are the ones that run.
 *
 * @param placement which rank runs which stage
 * @param ranks one list per rank, in order of execution
 */
public record SchedulePlan(Placement placement, List<List<Action>> ranks) {
    private static final String IDLE = ".";
    private static final String LABEL = "rank";

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there are not as many as ranks
     */
    public SchedulePlan {
        ranks = ranks.stream().map(List::copyOf).toList();
        if (ranks.size() != placement.ranks()) {
            throw new IllegalArgumentException(
                    "expected a list for each of " + placement.ranks() + " ranks, found " + ranks.size());
        }
    }

    /**
     * {@return what a schedule does with its stages placed as it likes}
     *
     * @param schedule asked for placement and plan
     * @param stages at least 1
     * @param microbatches at least 1
     * @throws IllegalArgumentException if one is less, or the schedule cannot place so many
     */
    public static SchedulePlan of(Schedule schedule, int stages, int microbatches) {
        if (stages < 1 || microbatches < 1) {
            throw new IllegalArgumentException("a plan needs at least 1 stage and 1 micro-batch, got " + stages
                    + " stages and " + microbatches + " micro-batches");
        }
        return schedule.plan(schedule.placement(stages), microbatches);
    }

    /**
     * Reads {@link #table} and {@link #lists} back: one line per rank, an optional {@code rank N} in front, actions and dots separated by
     * blanks. Where some line begins with {@code rank}, no other is read, as of a text that has more in it than the plan; nor is what
     * follows a {@code #}. A stage belongs to the first rank that has an action of it.
     *
     * @param text of one line or several
     * @return the plan, legal or not
     * @throws IllegalArgumentException naming the line, or a stage without actions
     */
    public static SchedulePlan parse(String text) {
        List<String> lines =
                text.lines().map(line -> line.replaceFirst("#.*", "").strip()).toList();
        boolean labelled = lines.stream().anyMatch(SchedulePlan::isLabelled);
        List<List<Action>> ranks = new ArrayList<>();
        Map<Integer, Integer> rankOfStage = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isEmpty() || (labelled && !isLabelled(line))) {
                continue;
            }
            int rank = ranks.size();
            try {
                ranks.add(parseLine(line, rank));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("schedule line " + (i + 1) + ": " + e.getMessage(), e);
            }
            ranks.getLast().forEach(action -> rankOfStage.putIfAbsent(action.stage(), rank));
        }
        if (ranks.isEmpty()) {
            throw new IllegalArgumentException("a schedule plan needs at least one rank");
        }
        for (int stage = 0; stage < rankOfStage.size(); stage++) {
            if (!rankOfStage.containsKey(stage)) {
                throw new IllegalArgumentException("the plan has actions of stages " + Excerpt.of(rankOfStage.keySet())
                        + ", but none of stage " + stage);
            }
        }
        for (int rank = 0; rank < ranks.size(); rank++) {
            if (!rankOfStage.containsValue(rank)) {
                throw new IllegalArgumentException("rank " + rank
                        + " has no stage of its own: a stage belongs to the first rank that has an action of it");
            }
        }
        return new SchedulePlan(new Placement(List.copyOf(rankOfStage.values())), ranks);
    }

    /** {@return the number of stages, of all replicas} */
    public int stages() {
        return placement.stages();
    }

    /** {@return the number of micro-batches: one more than the largest index} */
    public int microbatches() {
        return actions().stream().mapToInt(Action::microbatch).max().orElse(-1) + 1;
    }

    /**
     * {@return the actions of one stage, in the order of its rank's list}
     *
     * @param stage from 0
     */
    public List<Action> ofStage(int stage) {
        return ranks.get(placement.rankOf(stage)).stream()
                .filter(action -> action.stage() == stage)
                .toList();
    }

    /**
     * {@return whether any backward of a stage comes in two parts}
     *
     * @param stage from 0
     */
    public boolean splitsBackward(int stage) {
        return ofStage(stage).stream().anyMatch(action -> action.kind() == Kind.W);
    }

    /**
     * {@return the same lists without the actions of later micro-batches} A legal plan stays legal: an action waits only for others of its
     * own micro-batch, and of what is left the order is the same.
     *
     * @param microbatches that are left, at least 1
     * @throws IllegalArgumentException if the plan has fewer
     */
    public SchedulePlan restrictedTo(int microbatches) {
        int own = microbatches();
        if (microbatches < 1 || microbatches > own) {
            throw new IllegalArgumentException(
                    "the plan has " + Plural.of(own, "micro-batch") + ": it cannot run " + microbatches);
        }
        return microbatches == own
                ? this
                : new SchedulePlan(
                        placement,
                        ranks.stream()
                                .map(list -> restricted(list, microbatches))
                                .toList());
    }

    /**
     * {@return whether a stage keeps what its forwards begin with alone, and runs them again}
     *
     * @param stage from 0
     */
    public boolean recomputes(int stage) {
        return ofStage(stage).stream().anyMatch(action -> action.kind() == Kind.R);
    }

    /**
     * {@return the same where some stages run every forward again, right before its backward}
     *
     * @param stages that do; those that do so already stay
     */
    public SchedulePlan withRecomputation(Set<Integer> stages) {
        Set<Integer> changed = new TreeSet<>(stages);
        changed.removeIf(this::recomputes);
        return changed.isEmpty()
                ? this
                : new SchedulePlan(
                        placement,
                        ranks.stream()
                                .map(list -> withRecomputation(list, changed))
                                .toList());
    }

    private static List<Action> withRecomputation(List<Action> list, Set<Integer> stages) {
        List<Action> all = new ArrayList<>();
        for (Action action : list) {
            if ((action.kind() == Kind.B || action.kind() == Kind.I) && stages.contains(action.stage())) {
                all.add(new Action(action.stage(), Kind.R, action.microbatch()));
            }
            all.add(action);
        }
        return all;
    }

    /** {@return the same without any recomputation} */
    public SchedulePlan withoutRecomputation() {
        return without(Kind.R);
    }

    /** {@return the same without any sums} */
    public SchedulePlan withoutSums() {
        return without(Kind.N);
    }

    private SchedulePlan without(Kind kind) {
        return actions().stream().noneMatch(action -> action.kind() == kind)
                ? this
                : new SchedulePlan(
                        placement,
                        ranks.stream()
                                .map(list -> list.stream()
                                        .filter(action -> action.kind() != kind)
                                        .toList())
                                .toList());
    }

    /**
     * {@return the same with sums of some stages' gradients: of all that a rank has before the first of its steps}
     *
     * @param stages that have sums
     */
    public SchedulePlan withSums(Set<Integer> stages) {
        return stages.isEmpty()
                ? this
                : new SchedulePlan(
                        placement,
                        ranks.stream().map(list -> withSums(list, stages)).toList());
    }

    private static List<Action> withSums(List<Action> list, Set<Integer> stages) {
        List<Action> all = new ArrayList<>();
        for (Action action : list) {
            if (action.kind() == Kind.S && all.stream().noneMatch(Action::ofBatch)) {
                list.stream()
                        .filter(step -> step.kind() == Kind.S && stages.contains(step.stage()))
                        .forEach(step -> all.add(Action.sums(step.stage())));
            }
            all.add(action);
        }
        return all;
    }

    /** {@return the same where stages exchange their weight gradients with replicas: all that a rank has, before sums and steps} */
    public SchedulePlan withExchange() {
        return new SchedulePlan(
                placement, ranks.stream().map(SchedulePlan::withExchange).toList());
    }

    private static List<Action> withExchange(List<Action> list) {
        List<Action> all = new ArrayList<>();
        list.stream().filter(action -> !action.ofBatch()).forEach(all::add);
        list.stream().filter(action -> action.kind() == Kind.S).forEach(step -> all.add(Action.exchange(step.stage())));
        list.stream().filter(Action::ofBatch).forEach(all::add);
        return all;
    }

    /** {@return the same where new values go from replica to replica: of all stages that a rank has, behind its steps} */
    public SchedulePlan withValues() {
        return new SchedulePlan(
                placement, ranks.stream().map(SchedulePlan::withValues).toList());
    }

    private static List<Action> withValues(List<Action> list) {
        List<Action> all = new ArrayList<>(list);
        list.stream().filter(action -> action.kind() == Kind.S).forEach(step -> all.add(Action.values(step.stage())));
        return all;
    }

    /** A list without the actions of later micro-batches. */
    static List<Action> restricted(List<Action> list, int microbatches) {
        return list.stream()
                .filter(action -> action.microbatch() < microbatches)
                .toList();
    }

    /** {@return one line per rank, {@code 0F0 0F1 0B0 ...}, each with its line end} */
    public String lists() {
        return ranks.stream()
                .map(list -> list.stream().map(Action::toString).collect(Collectors.joining(" ")) + "\n")
                .collect(Collectors.joining());
    }

    /**
     * {@return the plan as a picture: one line per rank, columns are the simulator's time when every action takes one unit and sending
     * none, a dot is an idle unit}
     *
     * @throws IllegalArgumentException if the plan does not finish
     */
    public String table() {
        ScheduleSimulation simulation = ScheduleSimulator.simulate(this, SimulationCosts.UNIT);
        int width = actions().stream()
                .mapToInt(action -> action.toString().length())
                .max()
                .orElse(1);
        StringBuilder text = new StringBuilder();
        for (int rank = 0; rank < ranks.size(); rank++) {
            StringBuilder line = new StringBuilder(label(rank));
            int column = 0;
            for (ScheduleSimulation.Interval interval : simulation.timeline().get(rank)) {
                for (; column < (int) interval.start(); column++) {
                    line.append(cell(" ".repeat((width - 1) / 2) + IDLE, width));
                }
                line.append(cell(interval.action().toString(), width));
                column++;
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** The start of a rank's line: all equally long. */
    String label(int rank) {
        return LABEL + " "
                + cell(
                        Integer.toString(rank),
                        Integer.toString(ranks.size() - 1).length()) + " ";
    }

    /** {@return the kinds of actions in it, in the order of a step} */
    public Set<Kind> kinds() {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        actions().forEach(action -> kinds.add(action.kind()));
        return kinds;
    }

    /** Those of all ranks. */
    List<Action> actions() {
        return ranks.stream().flatMap(List::stream).toList();
    }

    private static String cell(String text, int width) {
        return text + " ".repeat(width - text.length() + 1);
    }

    private static boolean isLabelled(String line) {
        return line.startsWith(LABEL + " ");
    }

    private static List<Action> parseLine(String line, int rank) {
        String rest = line;
        if (isLabelled(line)) {
            String[] words = line.split("\\s+", 3);
            if (words.length < 3 || !words[1].equals(Integer.toString(rank))) {
                throw new IllegalArgumentException(
                        "expected 'rank " + rank + "' and its actions, found '" + Excerpt.of(line) + "'");
            }
            rest = words[2];
        }
        List<Action> actions = new ArrayList<>();
        for (String word : rest.split("\\s+", -1)) {
            if (!word.equals(IDLE)) {
                actions.add(Action.parse(word));
            }
        }
        return actions;
    }
}
