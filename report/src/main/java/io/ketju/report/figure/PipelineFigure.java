package io.ketju.report.figure;

import io.ketju.records.timeline.Timeline;

/**
 * What every rank does when.
 *
 * @param name of a file of it, without an ending
 * @param timeline what is shown, with a title of its own
 */
public record PipelineFigure(String name, Timeline timeline) implements Figure {
    @Override
    public String title() {
        return timeline.title();
    }
}
