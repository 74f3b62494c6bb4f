package io.ketju.report.picture;

import io.ketju.actors.measure.LearningRateCurve;
import io.ketju.actors.measure.LearningRateCurve.Point;
import io.ketju.plot.Chart;
import io.ketju.plot.PictureException;
import io.ketju.plot.PictureFile;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a search for a learning rate found: the loss over the rates, and the two rates that it tells. */
public final class RatePicture {
    private RatePicture() {}

    /**
     * Draws it, over a file that is there.
     *
     * @param job what the rates are of
     * @param curve what was found
     * @param file whose name ends with {@code .svg} or {@code .png}
     * @throws PictureException in one line if it cannot be drawn or written
     */
    public static void write(String job, LearningRateCurve curve, Path file) {
        PictureFile.write(file, chart(job, curve));
    }

    private static Chart chart(String job, LearningRateCurve curve) {
        List<Point> points = curve.points();
        double[] rates = numbers(points, Point::rate);
        Chart chart = new Chart("Loss by learning rate: " + job, "learning rate", "loss")
                .logarithmicX()
                .line("moving average", rates, numbers(points, Point::average))
                .reference("of the step", rates, numbers(points, Point::loss));
        List<Point> least = List.of(curve.lowest());
        curve.steepest().map(List::of).ifPresent(found -> mark(chart, "steepest", found));
        return mark(chart, "least", least);
    }

    private static Chart mark(Chart chart, String name, List<Point> points) {
        return chart.points(name, numbers(points, Point::rate), numbers(points, Point::average));
    }

    private static double[] numbers(List<Point> points, ToDoubleFunction<Point> number) {
        return points.stream().mapToDouble(number).toArray();
    }
}
