package io.ketju.onnx.graph;

import java.util.List;

/** Writes a layer in its place as operators of ONNX. */
@FunctionalInterface
public interface Exporter {
    /**
     * Writes one layer.
     *
     * @param site where it stands
     * @return the names of the layer's outputs, in order, all of them made by operators at the site or inputs as they are
     * @throws InexpressibleException saying why, if these arguments have no form in ONNX
     * @throws FreeSizeException from the site, if it needs a size that differs from call to call: the export then tries again
     *     with such sizes as they are
     */
    List<String> export(Site site);
}
