package io.dfc.bench.plot;

import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.api.error.StorageException;

import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;

import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;

/** Writes pictures as SVG and PNG; each file is whole or not there. */
public final class PictureFiles {
    private static final int PIXELS_PER_UNIT = 2;

    private PictureFiles() {}

    /**
     * Writes a picture twice, as {@code NAME.svg} and {@code NAME.png}.
     *
     * @param picture the picture
     * @param folder folder, which must exist
     * @param name name without an ending
     * @return the files
     * @throws StorageException if one cannot be written, or this virtual machine has no fonts
     */
    public static List<Path> write(Picture picture, Path folder, String name) {
        // Before the first class that would look for a display.
        System.setProperty("java.awt.headless", "true");
        Path svg = folder.resolve(name + ".svg");
        Path png = folder.resolve(name + ".png");
        try {
            writeSvg(picture, svg);
            writePng(picture, png);
        } catch (LinkageError | InternalError e) {
            // What the virtual machine says where the system has no font at all.
            throw new StorageException(
                    "cannot draw "
                            + svg
                            + ": no fonts were found ("
                            + e
                            + "); install some, such as the package fonts-dejavu-core with"
                            + " fontconfig",
                    e);
        }
        return List.of(svg, png);
    }

    private static void writePng(Picture picture, Path file) {
        Graphics2D measure = image(1, 1).createGraphics();
        Canvas canvas = new Canvas(picture, measure);
        measure.dispose();
        BufferedImage image =
                image(canvas.width() * PIXELS_PER_UNIT, canvas.height() * PIXELS_PER_UNIT);
        Graphics2D g = image.createGraphics();
        g.scale(PIXELS_PER_UNIT, PIXELS_PER_UNIT);
        canvas.draw(g);
        g.dispose();
        AtomicFiles.write(file, out -> ImageIO.write(image, "png", out));
    }

    private static BufferedImage image(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    private static void writeSvg(Picture picture, Path file) {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setComment("./dfc reproduce");
        SVGGraphics2D g = new SVGGraphics2D(context, false);
        Canvas canvas = new Canvas(picture, g);
        g.setSVGCanvasSize(new Dimension(canvas.width(), canvas.height()));
        canvas.draw(g);
        AtomicFiles.write(file, out -> write(g, out));
    }

    /** What Batik would write itself names a DTD, which readers would look for on the network. */
    private static void write(SVGGraphics2D g, OutputStream out) throws IOException {
        try {
            TransformerFactory.newDefaultInstance()
                    .newTransformer()
                    .transform(new DOMSource(g.getRoot()), new StreamResult(out));
        } catch (TransformerException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument("http://www.w3.org/2000/svg", "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this virtual machine has no XML", e);
        }
    }
}
