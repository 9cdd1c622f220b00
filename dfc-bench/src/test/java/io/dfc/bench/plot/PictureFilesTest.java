package io.dfc.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.StorageException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.NodeList;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;

class PictureFilesTest {
    private static final Color COLOR = Palette.VERMILLION;

    @TempDir private Path folder;

    private static Picture picture(Look look, double... y) {
        double[] x = IntStream.range(0, y.length).asDoubleStream().toArray();
        return new Picture(
                1,
                400,
                300,
                List.of(
                        new Panel(
                                "A  a panel",
                                Axis.linear("time"),
                                Axis.linear("value"),
                                List.of(new Curve("a curve", look, x, y)))),
                "a note");
    }

    @Test
    void drawsTheSameTwice() throws Exception {
        Picture picture = picture(Look.line(COLOR, Look.Pattern.SOLID), 1, 3, 2);

        List<Path> files = PictureFiles.write(picture, folder, "it");

        assertThat(files).containsExactly(folder.resolve("it.svg"), folder.resolve("it.png"));
        assertThat(folder).isDirectoryNotContaining(f -> f.toString().endsWith(".part"));
        BufferedImage image = ImageIO.read(files.getLast().toFile());
        assertThat(image.getWidth()).isEqualTo(800);
        assertThat(image.getHeight()).isGreaterThan(600);
        assertThat(pixels(image, COLOR)).isGreaterThan(500);
        NodeList texts =
                DocumentBuilderFactory.newDefaultNSInstance()
                        .newDocumentBuilder()
                        .parse(files.getFirst().toFile())
                        .getElementsByTagNameNS("http://www.w3.org/2000/svg", "text");
        List<String> words =
                IntStream.range(0, texts.getLength())
                        .mapToObj(i -> texts.item(i).getTextContent())
                        .toList();
        assertThat(String.join(" ", words)).contains("a curve", "a note");
    }

    private static long pixels(BufferedImage image, Color color) {
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .filter(
                        i ->
                                new Color(image.getRGB(i % image.getWidth(), i / image.getWidth()))
                                        .equals(color))
                .count();
    }

    @Test
    void dashesOfDensePointsHaveGaps() throws Exception {
        double[] y = IntStream.range(0, 3000).mapToDouble(i -> 1).toArray();

        long solid = drawn(picture(Look.line(COLOR, Look.Pattern.SOLID), y));
        long dashed = drawn(picture(Look.line(COLOR, Look.Pattern.DASHED), y));

        assertThat((double) dashed / solid).isBetween(0.4, 0.85);
    }

    private long drawn(Picture picture) throws Exception {
        return pixels(
                ImageIO.read(PictureFiles.write(picture, folder, "it").getLast().toFile()), COLOR);
    }

    @Test
    void whatAnAxisCannotShowIsLeftOut() {
        Look look = Look.line(COLOR, Look.Pattern.DOTTED);
        double[] x = {0, 1, 2, 3};
        double[] y = {Double.NaN, 0, 1, 10};
        Curve.Band band = new Curve.Band(new double[] {0, 0, -1, 5}, new double[] {0, 1, 2, 20});
        Panel panel =
                new Panel(
                        "A",
                        Axis.linear("x"),
                        Axis.logarithmic("y"),
                        List.of(
                                new Curve("some", look, x, y, Optional.of(band)),
                                new Curve("none", look, new double[0], new double[0])));

        List<Path> files =
                PictureFiles.write(
                        new Picture(2, 300, 200, List.of(panel, panel, panel), ""), folder, "odd");

        assertThat(files).allSatisfy(f -> assertThat(f).isNotEmptyFile());
    }

    @Test
    void aFolderThatIsNotThereIsOneLine() {
        Picture picture = picture(Look.points(COLOR, Look.Mark.DOT), 1, 2);

        assertThatThrownBy(() -> PictureFiles.write(picture, folder.resolve("no"), "it"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot write");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.25, 0.25",
        "-1.5, -1.5",
        "1500, 1500",
        "0.00001, 1e-5",
        "2500000, 2.5e6",
        "0.30000000000000004, 0.3"
    })
    void ticksAreShort(double value, String text) {
        assertThat(TickText.of(value)).isEqualTo(text);
    }
}
