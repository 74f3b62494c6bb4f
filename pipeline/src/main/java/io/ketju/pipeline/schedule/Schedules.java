package io.ketju.pipeline.schedule;

import io.ketju.tensor.Excerpt;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The training schedules, by the name that job files and the command line use. */
public final class Schedules {
    private static final List<Schedule> ALL = List.of(new GPipe(), new OneForwardOneBackward());

    private Schedules() {}

    /** All training schedules, in the order in which help texts list them. */
    public static List<Schedule> all() {
        return ALL;
    }

    /** The names of all, as help texts and errors list them: {@code GPipe, 1F1B}. */
    public static String names() {
        return ALL.stream().map(Schedule::name).collect(Collectors.joining(", "));
    }

    /** The schedule of this name, upper or lower case; throws {@link IllegalArgumentException} listing the known ones. */
    public static Schedule named(String name) {
        Optional<Schedule> found = ALL.stream()
                .filter(s -> s.name().equalsIgnoreCase(name.strip()))
                .findFirst();
        return found.orElseThrow(() -> new IllegalArgumentException("unknown schedule '" + Excerpt.of(name)
                + "'; known: " + ALL.stream().map(Schedule::name).collect(Collectors.joining(", "))));
    }
}
