package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.tensor.Plural;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A plan that somebody wrote down, as a schedule: for its own stages, and for as many micro-batches as it has or fewer.
 * {@link SchedulePlan#parse} reads one. Sums of gradients are the job's: those in the plan are left out.
 *
 * @param plan what each rank does; without sums
 * @param inFlight most activations that a rank may hold: see {@link Schedule#mostInFlight}; any number if empty
 */
public record Table(SchedulePlan plan, OptionalInt inFlight) implements Schedule {
    private static final String LIMIT = "most activations that a rank may hold, a table with more is refused";

    static final Entry<Schedule> ENTRY = Description.of("table", "A plan of your own, as text")
            .required("lists", "the actions of every rank in quotes, a semicolon between ranks")
            .namedDerived("in_flight", "any", LIMIT)
            .formula(
                    "2F0 = stage 2, forward of micro-batch 0; B backward, or I input gradient and W weight gradient; S step")
            .use("Short plans, and whatever a program writes; saved runs keep the plans of files so")
            .readBy(arguments -> limited(
                    new Table(SchedulePlan.parse(arguments.quoted("lists").replace(';', '\n'))), arguments));

    /** Of files, that {@link Schedules#parse(String, java.util.function.UnaryOperator)} asks somebody else to read. */
    static final Entry<Schedule> FILE = Description.of("file", "A plan of your own, in a file")
            .required("path", "of the file, in quotes; lines of ranks as ketju plan prints them, # begins a comment")
            .namedDerived("in_flight", "any", LIMIT)
            .formula(
                    "2F0 = stage 2, forward of micro-batch 0; B backward, or I input gradient and W weight gradient; S step")
            .use(
                    "Print a plan (`ketju plan JOB > my.txt`), edit the lines of its ranks, and run it: it is proven legal before it"
                            + " starts")
            .readBy(arguments -> {
                throw new IllegalArgumentException(
                        arguments.spec() + ": a file is read where the job is written, not here; expected table(...)");
            });

    /** Leaves out the plan's sums. */
    public Table {
        plan = plan.withoutSums();
    }

    /**
     * With room for whatever it holds.
     *
     * @param plan what each rank does
     */
    public Table(SchedulePlan plan) {
        this(plan, OptionalInt.empty());
    }

    /** Of arguments that name a file, with what the file holds. */
    static Table of(Arguments arguments, String content) {
        return limited(new Table(SchedulePlan.parse(content)), arguments);
    }

    private static Table limited(Table table, Arguments arguments) {
        if (arguments.text("in_flight").isEmpty()) {
            return table;
        }
        int most = arguments.integer("in_flight");
        Arguments.requirePositive(arguments.spec().name(), "in_flight", most);
        return new Table(table.plan, OptionalInt.of(most));
    }

    @Override
    public String name() {
        return "table";
    }

    @Override
    public Optional<Spec> spec() {
        Spec spec = Spec.of("table", '"' + plan.lists().strip().replace("\n", "; ") + '"');
        return Optional.of(inFlight.isPresent() ? spec.with("in_flight", inFlight.getAsInt()) : spec);
    }

    @Override
    public Placement placement(int stages) {
        if (stages != plan.placement().stages()) {
            throw new IllegalArgumentException(
                    "the table has " + Plural.of(plan.stages(), "stage") + ", the model is cut into " + stages);
        }
        return plan.placement();
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        if (!placement.equals(plan.placement())) {
            throw new IllegalArgumentException("the table places the stages on ranks "
                    + plan.placement().rankOfStage() + ", the job on " + placement.rankOfStage());
        }
        return plan.restrictedTo(microbatches);
    }

    @Override
    public int mostInFlight(Placement placement, int microbatches) {
        return inFlight.orElseGet(() -> Schedule.super.mostInFlight(placement, microbatches));
    }
}
