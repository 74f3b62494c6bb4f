/**
 * Pictures of numbers: curves and points ({@link io.ketju.plot.Chart}), a plane with what lies on it ({@link
 * io.ketju.plot.Plane}: decision regions, surfaces with paths), maps of a matrix ({@link io.ketju.plot.HeatMap}: confusion,
 * attention), grids of images ({@link io.ketju.plot.ImageGrid}), words at places ({@link io.ketju.plot.WordMap}), graphs ({@link io.ketju.plot.GraphPicture}) and what is
 * computed from what ({@link io.ketju.plot.FlowPicture}). Each is a
 * {@link io.ketju.plot.Picture}, which {@link io.ketju.plot.PictureFile} writes as PNG or SVG: the same numbers give the same
 * bytes on one machine, without a display. Fonts are the machine's, so another one may set text otherwise.
 *
 * <p>Nothing of Ketju is needed here, and nothing of the product needs it: any program can use it.
 */
@NullMarked
package io.ketju.plot;

import org.jspecify.annotations.NullMarked;
