package io.ketju.onnx.layer;

import io.ketju.onnx.graph.Site;
import java.util.List;

/**
 * Elements that lie segment by segment, as those of a sparse matrix do row by row: which segment each belongs to, and sums and
 * maxima of what belongs to each.
 *
 * @param owners the segment of each element, int64 [elements]
 * @param count how many segments there are, int64 [1]
 */
record Segments(Site site, String owners, String count) {
    /**
     * From where each begins.
     *
     * @param starts int64 [segments], ascending from 0
     * @param elements any value whose first dimension counts elements
     */
    static Segments of(Site site, String starts, String elements) {
        String size = site.sizeOf(elements, 0);
        // A one where a segment begins; several may begin at one place, or behind the end, when they are empty.
        String zeros = site.call("Expand", site.whole(0), site.call("Add", size, site.longs(1)));
        String ones = site.call("Expand", site.whole(1), site.call("Shape", starts));
        String begun = site.op("ScatterElements", zeros, starts, ones)
                .with("axis", 0)
                .with("reduction", "add")
                .get();
        String all = site.call("CumSum", begun, site.whole(0));
        String inside = site.call("Slice", all, site.longs(0), size, site.longs(0));
        return new Segments(site, site.call("Sub", inside, site.whole(1)), site.call("Shape", starts));
    }

    /** Of row pointers, of which there is one more than rows. */
    static Segments ofRows(Site site, String pointers, String elements) {
        return of(site, site.slice(pointers, 0, 0, -1, 1), elements);
    }

    /** The rows of a value of segments, for each element that of its own. */
    String gather(String ofSegments) {
        return site.call("Gather", ofSegments, owners);
    }

    /** One number in the form that elements have, for each segment. */
    private String filled(String ofElements, double number) {
        String rest = site.op("Shape", ofElements).with("start", 1).get();
        return site.call("Expand", site.number(number), site.concat(0, List.of(count, rest)));
    }

    String sum(String ofElements) {
        return sum(filled(ofElements, 0), ofElements);
    }

    /** The sums, with what each segment has besides. */
    String sum(String first, String ofElements) {
        return scatter(first, ofElements, "add");
    }

    /** The largest; the least number that there is for a segment without elements. */
    String max(String ofElements) {
        return max(filled(ofElements, -Float.MAX_VALUE), ofElements);
    }

    /** The largest of the elements and what each segment has besides. */
    String max(String first, String ofElements) {
        site.requireNewer();
        return scatter(first, ofElements, "max");
    }

    private String scatter(String first, String ofElements, String reduction) {
        String places = site.call("Unsqueeze", owners, site.longs(1));
        return site.op("ScatterND", first, places, ofElements)
                .with("reduction", reduction)
                .get();
    }
}
