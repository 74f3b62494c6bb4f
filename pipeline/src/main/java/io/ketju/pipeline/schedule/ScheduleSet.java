package io.ketju.pipeline.schedule;

import io.ketju.layers.spec.Spec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Schedules of one placement, one of which a run takes at each step: the first until it is told another. Stages have room for
 * what any of them holds. Where a schedule has to be one, as in files, it is the first.
 */
public final class ScheduleSet implements Schedule {
    private final List<Schedule> schedules;

    /**
     * Of schedules for the same placement.
     *
     * @param schedules at least one; the first is taken until another is told
     * @throws IllegalArgumentException without any, or with two of a name
     */
    public ScheduleSet(List<Schedule> schedules) {
        this.schedules = List.copyOf(schedules);
        if (schedules.isEmpty()) {
            throw new IllegalArgumentException("expected at least one schedule, found none");
        }
        List<String> names = schedules.stream().map(Schedule::name).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException("expected schedules of different names, found " + names);
        }
    }

    /**
     * {@return a set of these}
     *
     * @param schedules at least one; the first is taken until another is told
     * @throws IllegalArgumentException without any, or with two of a name
     */
    public static ScheduleSet of(Schedule... schedules) {
        return new ScheduleSet(List.of(schedules));
    }

    @Override
    public List<Schedule> alternatives() {
        return schedules;
    }

    @Override
    public String name() {
        return schedules.stream().map(Schedule::name).collect(Collectors.joining(" or "));
    }

    @Override
    public Optional<Spec> spec() {
        return schedules.getFirst().spec();
    }

    @Override
    public Placement placement(int stages) {
        return schedules.getFirst().placement(stages);
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        return schedules.getFirst().plan(placement, microbatches);
    }

    @Override
    public boolean updatesEveryMicrobatch() {
        return schedules.stream().anyMatch(Schedule::updatesEveryMicrobatch);
    }

    /** Of the first; the others are asked for their own. */
    @Override
    public int mostInFlight(Placement placement, int microbatches) {
        return schedules.getFirst().mostInFlight(placement, microbatches);
    }
}
