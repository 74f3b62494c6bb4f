package io.ketju.pipeline.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The lists of all stages for one mini-batch. It need not be legal: {@link ScheduleValidator} says. Its text is the
 * golden file, the log and the picture in the documentation; the lists in it are the ones that run.
 *
 * @param actions one list per stage, in order of execution
 */
public record SchedulePlan(List<List<Action>> actions) {
    private static final String IDLE = ".";

    public SchedulePlan {
        actions = actions.stream().map(List::copyOf).toList();
        if (actions.isEmpty()) {
            throw new IllegalArgumentException("a schedule plan needs at least one stage");
        }
    }

    /** What a schedule does with this many stages and micro-batches, both at least 1. */
    public static SchedulePlan of(Schedule schedule, int stages, int microbatches) {
        if (stages < 1 || microbatches < 1) {
            throw new IllegalArgumentException("a plan needs at least 1 stage and 1 micro-batch, got " + stages
                    + " stages and " + microbatches + " micro-batches");
        }
        return new SchedulePlan(IntStream.range(0, stages)
                .mapToObj(stage -> schedule.actions(stage, stages, microbatches))
                .toList());
    }

    /**
     * Reads {@link #table} and {@link #lists} back: one line per stage, an optional {@code stage N} in front, actions
     * and dots separated by blanks. Throws {@link IllegalArgumentException} naming the line.
     */
    public static SchedulePlan parse(String text) {
        List<List<Action>> stages = new ArrayList<>();
        for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
            try {
                stages.add(parseLine(line.strip(), stages.size()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("schedule line " + (stages.size() + 1) + ": " + e.getMessage(), e);
            }
        }
        return new SchedulePlan(stages);
    }

    public int stages() {
        return actions.size();
    }

    /** Number of micro-batches: one more than the largest index. */
    public int microbatches() {
        return actions.stream()
                        .flatMap(List::stream)
                        .mapToInt(Action::microbatch)
                        .max()
                        .orElse(-1)
                + 1;
    }

    /** One line per stage, {@code 0F0 0F1 0B0 ...}, each with its line end. */
    public String lists() {
        return actions.stream()
                .map(list -> list.stream().map(Action::toString).collect(Collectors.joining(" ")) + "\n")
                .collect(Collectors.joining());
    }

    /**
     * The plan as a picture: one line per stage, columns are the simulator's time when every action takes one unit and
     * sending none, a dot is an idle unit. Throws {@link IllegalArgumentException} if the plan does not finish.
     */
    public String table() {
        ScheduleSimulation simulation = ScheduleSimulator.simulate(this, SimulationCosts.UNIT);
        int width = actions.stream()
                .flatMap(List::stream)
                .mapToInt(action -> action.toString().length())
                .max()
                .orElse(1);
        StringBuilder text = new StringBuilder();
        for (int stage = 0; stage < stages(); stage++) {
            StringBuilder line = new StringBuilder(label(stage));
            int column = 0;
            for (ScheduleSimulation.Interval interval : simulation.timeline().get(stage)) {
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

    /** The start of a stage's line: all equally long. */
    String label(int stage) {
        return "stage "
                + cell(Integer.toString(stage), Integer.toString(stages() - 1).length()) + " ";
    }

    private static String cell(String text, int width) {
        return text + " ".repeat(width - text.length() + 1);
    }

    private static List<Action> parseLine(String line, int stage) {
        String rest = line;
        if (line.startsWith("stage")) {
            String[] words = line.split("\\s+", 3);
            if (words.length < 3 || !words[1].equals(Integer.toString(stage))) {
                throw new IllegalArgumentException(
                        "expected 'stage " + stage + "' and its actions, found '" + line + "'");
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
