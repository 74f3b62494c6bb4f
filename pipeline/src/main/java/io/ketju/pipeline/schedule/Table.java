package io.ketju.pipeline.schedule;

/**
 * A plan that somebody wrote down, as a schedule: for its own stages, and for as many micro-batches as it has or fewer.
 * {@link SchedulePlan#parse} reads one.
 */
public record Table(SchedulePlan plan) implements Schedule {
    @Override
    public String name() {
        return "table";
    }

    @Override
    public Placement placement(int stages) {
        if (stages != plan.placement().stages()) {
            throw new IllegalArgumentException(
                    "the table has " + plan.placement().stages() + " stages, the model is cut into " + stages);
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
}
