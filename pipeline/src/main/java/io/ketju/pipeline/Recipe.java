package io.ketju.pipeline;

import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.HeadMetric;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.LBFGS;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.schedule.GradientGroups;
import io.ketju.tensor.MicrobatchSplit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Everything that decides the numbers of a training run, apart from the data: equal recipes give equal bits, whatever the order of work and
 * wherever it is done. Checked whole: what does not fit throws {@link IllegalArgumentException}.
 *
 * @param model with its heads; one without gets {@code loss} on its output
 * @param loss of a model without heads; others have their own
 * @param optimizer of the parameters of no group
 * @param groups parameters that learn in another way or not at all; the first that matches decides
 * @param objectives which heads train which parameters in windows in turn; none: all heads train all that learns
 * @param learningRateSchedule scales the learning rate of every optimizer, where no objective has its own
 * @param batchSize samples per mini-batch, or of all mini-batches of a window where some are accumulated; the last of a data epoch may have
 *     fewer
 * @param microbatches micro-batches of as many samples, at least 1; a mini-batch with fewer samples has as many as samples
 * @param totalSteps optimizer steps of the whole job, for the learning-rate schedule
 * @param seed of initial values, and of whatever layers draw
 * @param optimizerSteps steps that the optimizer's state had been through before the job's first one; 0 for fresh state. Adam's bias
 *     correction counts from there: state that is not young must not be treated as if it were, or the first updates would be ten times too
 *     large
 * @param rules what belongs to a step beside the updates
 */
public record Recipe(
        Model model,
        Loss loss,
        Optimizer optimizer,
        List<ParameterGroup> groups,
        List<Objective> objectives,
        LearningRateSchedule learningRateSchedule,
        int batchSize,
        int microbatches,
        long totalSteps,
        long seed,
        long optimizerSteps,
        StepRules rules) {
    /**
     * One group and fresh optimizer state.
     *
     * @param model with its heads; one without gets {@code loss} on its output
     * @param loss of a model without heads
     * @param optimizer of all parameters
     * @param learningRateSchedule scales its learning rate
     * @param batchSize samples per mini-batch
     * @param microbatches of a mini-batch, at least 1
     * @param totalSteps optimizer steps of the whole job
     * @param seed of initial values, and of whatever layers draw
     */
    public Recipe(
            Model model,
            Loss loss,
            Optimizer optimizer,
            LearningRateSchedule learningRateSchedule,
            int batchSize,
            int microbatches,
            long totalSteps,
            long seed) {
        this(
                model,
                loss,
                optimizer,
                List.of(),
                List.of(),
                learningRateSchedule,
                batchSize,
                microbatches,
                totalSteps,
                seed,
                0,
                StepRules.NONE);
    }

    /**
     * Copies the lists, gives a model without heads its loss, and checks the whole.
     *
     * @throws IllegalArgumentException if something does not fit
     */
    public Recipe {
        groups = List.copyOf(groups);
        objectives = List.copyOf(objectives);
        if (batchSize < 1 || microbatches < 1 || totalSteps < 0 || optimizerSteps < 0) {
            throw new IllegalArgumentException(
                    "expected batch size and micro-batches of at least 1 and no negative steps,"
                            + " found batch size " + batchSize + ", " + microbatches + " micro-batches, " + totalSteps
                            + " steps, " + optimizerSteps + " before them");
        }
        if (batchSize % rules.accumulate() != 0 || microbatches % rules.accumulate() != 0) {
            throw new IllegalArgumentException("expected multiples of the " + rules.accumulate()
                    + " mini-batches that are accumulated, found batch size " + batchSize + ", " + microbatches
                    + " micro-batches");
        }
        GradientGroups.requireFit(rules.gradientGroups(), Math.min(microbatches, batchSize));
        model = model.heads().isEmpty() ? model.withHead(loss) : model;
        BatchPorts.of(model).types(model, model.types(1));
        new ParameterGroups(groups, optimizer).requireFit(model.weights());
        requireFit(model, new ParameterGroups(groups, optimizer), objectives);
        List<String> learning = model.weights().stream()
                .filter(new ParameterGroups(groups, optimizer)::learns)
                .toList();
        rules.penalties().forEach(penalty -> penalty.requireFit(learning));
    }

    /**
     * Checks that every optimizer takes the gradients of its parameters, sparse or whole, and what else the job asks for; a penalty, which
     * is of all rows, makes them whole. Apart from the other checks, because groups come after them.
     *
     * @throws IllegalArgumentException with one line, if one does not
     */
    public void requireGradients() {
        Set<String> sparse = new HashSet<>(model.sparse());
        sparse.removeIf(name -> rules.penalties().stream().anyMatch(penalty -> penalty.matches(name)));
        optimizers().requireGradients(model.weights(), sparse);
        SearchFit.require(this);
    }

    /** {@return the optimizer of all parameters, where its step is several windows of one mini-batch, by sums over the whole model} */
    public Optional<LBFGS> search() {
        return SearchFit.of(optimizer);
    }

    /** {@return the sums of such a step} */
    public Optional<SearchSums> searchSums() {
        return search().map(search -> new SearchSums(model.heads().size(), search.historySize()));
    }

    private static void requireFit(Model model, ParameterGroups optimizers, List<Objective> objectives) {
        Set<String> names = new HashSet<>();
        for (Objective objective : objectives) {
            if (!names.add(objective.name())) {
                throw new IllegalArgumentException("objective '" + objective.name() + "': there are two of this name");
            }
            objective.requireFit(model);
        }
        for (String parameter : objectives.isEmpty() ? List.<String>of() : model.weights()) {
            if (optimizers.learns(parameter) && objectives.stream().noneMatch(one -> one.trains(parameter))) {
                throw new IllegalArgumentException("parameter '" + parameter + "': no objective trains it;"
                        + " name it in one of them, or freeze it");
            }
        }
    }

    /**
     * {@return the same with optimizer state that is not fresh}
     *
     * @param steps that it has been through
     */
    public Recipe withOptimizerSteps(long steps) {
        return with(groups, objectives, steps, rules);
    }

    /**
     * {@return the same with parameters that learn by groups}
     *
     * @param others in place of those that there are
     */
    public Recipe withGroups(List<ParameterGroup> others) {
        return with(others, objectives, optimizerSteps, rules);
    }

    /**
     * {@return the same with windows for one objective or another}
     *
     * @param others in place of those that there are
     */
    public Recipe withObjectives(List<Objective> others) {
        return with(groups, others, optimizerSteps, rules);
    }

    /**
     * {@return the same with gradients of a bounded norm}
     *
     * @param bound in place of the one before
     */
    public Recipe withClipGradNorm(ClipGradNorm bound) {
        return with(rules.with(bound));
    }

    /**
     * {@return the same with what belongs to a step beside the updates}
     *
     * @param others in place of those that there are
     */
    public Recipe with(StepRules others) {
        return with(groups, objectives, optimizerSteps, others);
    }

    private Recipe with(
            List<ParameterGroup> otherGroups, List<Objective> otherObjectives, long steps, StepRules otherRules) {
        return new Recipe(
                model,
                loss,
                optimizer,
                otherGroups,
                otherObjectives,
                learningRateSchedule,
                batchSize,
                microbatches,
                totalSteps,
                seed,
                steps,
                otherRules);
    }

    /**
     * {@return names of the parameters that training windows of an objective update}
     *
     * @param objective from 0; any number where there are no objectives
     */
    public Set<String> trained(int objective) {
        return model.weights().stream()
                .filter(optimizers()::learns)
                .filter(name ->
                        objectives.isEmpty() || objectives.get(objective).trains(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** {@return what bounds the norm of the gradients of all parameters that a training window updates, together} */
    public Optional<ClipGradNorm> clipGradNorm() {
        return rules.clipGradNorm();
    }

    /** {@return how many doubles are made of each parameter's gradient and put together over the whole model before the step; 0: none} */
    public int sums() {
        return searchSums().map(SearchSums::size).orElse(rules.sums() ? 1 : 0);
    }

    /** {@return those of them, from 0, of which the largest counts; the others are added up} */
    public Set<Integer> largestSums() {
        return search().isPresent() ? SearchSums.largest() : Set.of();
    }

    /**
     * {@return the learning-rate schedule of an objective's windows}
     *
     * @param objective from 0; any number where there are no objectives
     */
    public LearningRateSchedule rates(int objective) {
        return objectives.isEmpty()
                ? learningRateSchedule
                : objectives.get(objective).rates();
    }

    /**
     * {@return the learning rate of an optimizer in a step}
     *
     * @param of one of the recipe's optimizers
     * @param objective that the window is for, from 0
     * @param step counts from 1
     * @param reductions how often a schedule that watches the run has reduced it
     */
    public double learningRate(Optimizer of, int objective, long step, int reductions) {
        LearningRateSchedule rates = rates(objective);
        return rates.reduced(rates.learningRate(of.learningRate(), step, totalSteps), reductions);
    }

    /**
     * {@return what the learning rate of an objective's windows is called where it is told: {@code learning_rate}, or with the
     * objective's name before it}
     *
     * @param objective from 0; any number where there are no objectives
     */
    public String rateName(int objective) {
        return objectives.isEmpty()
                ? HeadMetric.LEARNING_RATE
                : objectives.get(objective).name() + "/" + HeadMetric.LEARNING_RATE;
    }

    /** {@return those names of all objectives, or the one where there are none} */
    public List<String> rateNames() {
        return IntStream.range(0, Math.max(1, objectives.size()))
                .mapToObj(this::rateName)
                .toList();
    }

    /** {@return whether any learning rate depends on the number of steps of the whole job} */
    public boolean dependsOnTotal() {
        return objectives.isEmpty()
                ? learningRateSchedule.dependsOnTotal()
                : objectives.stream().anyMatch(objective -> objective.rates().dependsOnTotal());
    }

    /** {@return the optimizer of every parameter} */
    public ParameterGroups optimizers() {
        return new ParameterGroups(groups, optimizer);
    }

    /** {@return the most micro-batches that a mini-batch can have} */
    public int mostMicrobatches() {
        return Math.min(microbatches, batchSize);
    }

    /** {@return which micro-batches add their weight gradients up by themselves first} */
    public GradientGroups gradientGroups() {
        return new GradientGroups(rules.gradientGroups(), mostMicrobatches());
    }

    /** {@return the types of all values in the largest micro-batch that can come} */
    public ModelTypes largestTypes() {
        return model.types(MicrobatchSplit.atMost(batchSize, microbatches).largest());
    }
}
