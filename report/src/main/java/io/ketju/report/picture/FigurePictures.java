package io.ketju.report.picture;

import io.ketju.layers.loss.ConfusionMatrix;
import io.ketju.plot.Chart;
import io.ketju.plot.HeatMap;
import io.ketju.plot.ImageGrid;
import io.ketju.plot.Picture;
import io.ketju.report.figure.AttentionMap;
import io.ketju.report.figure.Confusion;
import io.ketju.report.figure.Curves;
import io.ketju.report.figure.Curves.Point;
import io.ketju.report.figure.Figure;
import io.ketju.report.figure.Images;
import io.ketju.report.figure.PipelineFigure;

/** Figures as pictures that can be files. */
final class FigurePictures {
    private static final int IMAGE_SIDE = 112;
    private static final int IN_ROW = 4;

    private FigurePictures() {}

    static Picture of(Figure figure) {
        return switch (figure) {
            case Curves curves -> chart(curves);
            case Confusion confusion -> confusion(confusion);
            case Images images -> images(images);
            case AttentionMap map -> attention(map);
            case PipelineFigure pipeline -> new TimelinePicture(pipeline.timeline());
        };
    }

    private static Picture chart(Curves curves) {
        Chart chart = new Chart(curves.title(), curves.x(), curves.title());
        for (Curves.Line line : curves.lines()) {
            chart.line(
                    line.name(),
                    line.points().stream().mapToDouble(Point::x).toArray(),
                    line.points().stream().mapToDouble(Point::y).toArray());
        }
        return chart;
    }

    private static Picture confusion(Confusion confusion) {
        ConfusionMatrix matrix = confusion.counts();
        long[][] counts = new long[matrix.classes()][matrix.classes()];
        for (int real = 0; real < counts.length; real++) {
            for (int told = 0; told < counts.length; told++) {
                counts[real][told] = matrix.count(real, told);
            }
        }
        return HeatMap.confusion(confusion.title(), confusion.classes(), counts);
    }

    private static Picture images(Images images) {
        int scale = Math.max(1, IMAGE_SIDE / images.columns());
        ImageGrid grid = new ImageGrid(images.title(), images.rows(), images.columns(), scale, IN_ROW);
        images.tiles().forEach(tile -> grid.coloured(tile.caption(), tile.rgb()));
        return grid;
    }

    private static Picture attention(AttentionMap map) {
        double[][] shares = new double[map.queries().size()][map.keys().size()];
        for (int i = 0; i < shares.length; i++) {
            for (int k = 0; k < shares[i].length; k++) {
                shares[i][k] = map.shares().get(i).get(k);
            }
        }
        return HeatMap.of(map.title(), map.queries(), map.keys(), shares);
    }
}
