package io.ketju.report.gather;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TrainedModel;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.trace.TraceReport;
import io.ketju.records.text.JobHeader;
import io.ketju.records.timeline.Timeline;
import io.ketju.records.timeline.WatchedSteps;
import io.ketju.report.figure.AttentionMap;
import io.ketju.report.figure.Confusion;
import io.ketju.report.figure.Curves;
import io.ketju.report.figure.Curves.Line;
import io.ketju.report.figure.Figure;
import io.ketju.report.figure.Images;
import io.ketju.report.figure.PipelineFigure;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that can be shown of a run.
 *
 * @param facts which run it is
 * @param numbers of its steps and epochs
 * @param curves a picture for each number
 * @param confusion of a classification: which classes were told for which
 * @param worst images that the model is most wrong about
 * @param table of samples that are no images
 * @param filters weights that see pixels
 * @param attention what the layers of a model of texts attend to
 * @param pipeline the plan and, of a run that was traced or watched, what happened
 * @param trace where the time of that went
 */
public record RunPictures(
        RunFacts facts,
        RunNumbers numbers,
        List<Curves> curves,
        Optional<Confusion> confusion,
        Optional<Images> worst,
        Optional<SampleTable> table,
        Optional<Images> filters,
        List<AttentionMap> attention,
        List<PipelineFigure> pipeline,
        Optional<TraceReport> trace) {
    /**
     * Looks at all of it, also at the steps that {@link KeptSteps} has.
     *
     * @param facts which run it is
     * @param model with the run's weights; stays the caller's
     * @return what there is to show; without numbers where the run kept none
     * @throws io.ketju.data.BadDataException if the run's files cannot be read
     */
    public static RunPictures of(RunFacts facts, TrainedModel model) {
        return of(facts, model, Optional.empty());
    }

    /**
     * Looks at all of it, of a run that was watched.
     *
     * @param facts which run it is
     * @param model with the run's weights; stays the caller's
     * @param watched what ranks did in a few steps; a trace in the folder of the run knows more, and is taken in its place
     * @return what there is to show; without numbers where the run kept none
     * @throws io.ketju.data.BadDataException if the run's files cannot be read
     */
    public static RunPictures of(RunFacts facts, TrainedModel model, Optional<WatchedSteps.Sample> watched) {
        TrainingJob job = facts.job();
        RunNumbers numbers = RunNumbers.read(facts.folder());
        List<Curves> curves = new ArrayList<>(numbers.curves());
        learningRate(job, facts.steps(), numbers).ifPresent(curves::add);
        boolean samples = job.datasets().isPresent(); // else batches are made in code, and there are none to look at
        Optional<JudgedSamples> judged = samples ? JudgedSamples.of(job, model) : Optional.empty();
        Optional<Images> worst =
                judged.flatMap(found -> WorstSamples.images(found, job.data().test()));
        MeasuredSteps measured = MeasuredSteps.of(facts.folder(), job.totalSteps(), watched);
        return new RunPictures(
                facts,
                numbers,
                List.copyOf(curves),
                judged.map(found -> confusion(job, found)),
                worst,
                samples && worst.isEmpty() ? table(job, model, judged) : Optional.empty(),
                samples ? Filters.of(job, model) : Optional.empty(),
                samples ? AttentionMaps.of(job, model) : List.of(),
                pipeline(job, measured),
                measured.report());
    }

    private static Confusion confusion(TrainingJob job, JudgedSamples judged) {
        return new Confusion(
                "Which classes were told for which", ClassNames.of(job.data().test()), judged.confusion());
    }

    private static Optional<SampleTable> table(TrainingJob job, TrainedModel model, Optional<JudgedSamples> judged) {
        return judged.map(found -> WorstSamples.rows(found, job.data().test()))
                .or(() -> WorstSamples.byLoss(job, model));
    }

    /** The rates of the steps that were taken, of rates that change. */
    private static Optional<Curves> learningRate(TrainingJob job, long steps, RunNumbers numbers) {
        List<Line> lines = new ArrayList<>();
        for (String name : job.pipeline().recipe().rateNames()) {
            List<Curves.Point> told = numbers.points(RunNumbers.STEP, name);
            List<Curves.Point> points = told.isEmpty() ? foretold(job, steps) : told;
            lines.add(new Line(name.replace('_', ' '), points));
        }
        return lines.stream().allMatch(RunPictures::isConstant)
                ? Optional.empty()
                : Optional.of(new Curves("learning-rate", "learning rate", "step", List.copyOf(lines)));
    }

    /** Means of equal numbers may differ in their last digit. */
    private static boolean isConstant(Line line) {
        DoubleSummaryStatistics rates =
                line.points().stream().mapToDouble(Curves.Point::y).summaryStatistics();
        return rates.getCount() == 0 || rates.getMax() - rates.getMin() <= 1e-9 * rates.getMax();
    }

    /** Of a run that wrote no numbers, where a rate follows from its step alone, and there are no objectives with rates of their own. */
    private static List<Curves.Point> foretold(TrainingJob job, long steps) {
        LearningRateSchedule schedule = job.learningRateSchedule();
        if (steps < 1
                || schedule.reduced(1, 1) != 1
                || !job.pipeline().recipe().objectives().isEmpty()) {
            return List.of();
        }
        ThinnedLine line = new ThinnedLine();
        long every = Math.max(1, steps / 600);
        for (long step = 1; step <= steps; step += every) {
            line.add((double) step, schedule.learningRate(job.optimizer().learningRate(), step, job.totalSteps()));
        }
        return line.points();
    }

    private static List<PipelineFigure> pipeline(TrainingJob job, MeasuredSteps measured) {
        List<PipelineFigure> figures = new ArrayList<>();
        figures.add(new PipelineFigure(
                "plan",
                Timeline.of(
                        "Planned: " + job.schedule().name() + ", " + JobHeader.stages(job),
                        job.pipeline(),
                        LayerTimes.modelled(job.pipeline()))));
        measured.figure().ifPresent(figures::add);
        return List.copyOf(figures);
    }

    /**
     * All that can be a file of its own.
     *
     * @return in the order of the page
     */
    public List<Figure> figures() {
        return Stream.of(
                        curves.stream(),
                        confusion.stream(),
                        worst.stream(),
                        filters.stream(),
                        attention.stream(),
                        pipeline.stream())
                .<Figure>flatMap(each -> each)
                .toList();
    }
}
