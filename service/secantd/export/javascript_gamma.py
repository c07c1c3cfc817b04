"""Gamma and error functions of JavaScript, which has none."""

__all__ = ["GAMMA"]

GAMMA = {
    "lgamma_near_two": """// log(gamma(2 + z)) for |z| <= 0.5: DLMF 5.7.3
function @lgamma_near_two(z) {
  const terms = [
    0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234,
    -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-05,
    -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06, 4.374866789907488e-06,
    -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07, 2.1207184805554665e-07,
    -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08, 1.0838659214896955e-08,
    -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09, 5.731367241678862e-10,
    -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
  ];
  let sum = 0;
  for (let k = terms.length - 1; k >= 0; k--) sum = sum * z + terms[k];
  return z * (0.42278433509846713 + z * sum);
}""",
    "stirling": """// What Stirling's series adds to log(gamma(x)) for x >= 10: DLMF 5.11.1
function @stirling(x) {
  const terms = [
    0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953,
    0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242
  ];
  const square = 1 / (x * x);
  let sum = 0;
  for (let k = terms.length - 1; k >= 0; k--) sum = sum * square + terms[k];
  return sum / x;
}""",
    "lgamma": """// log|gamma(x)|
function @lgamma(x) {
  if (Number.isNaN(x)) return x;
  if (x === Infinity || x === -Infinity || (x <= 0 && Number.isInteger(x))) return Infinity;
  if (x < 0) return Math.log(Math.PI / Math.abs(@sinpi(x))) - @lgamma(1 - x);
  if (x < 0.5) return @lgamma_near_two(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return @lgamma_near_two(x - 1) - Math.log1p(x - 1);
  if (x >= 10) return (x - 0.5) * (Math.log(x) - 1) + 0.4189385332046727 + @stirling(x);
  let product = 1;
  while (x > 2.5) product *= --x;
  return Math.log(product) + @lgamma_near_two(x - 2);
}""",
    "gamma": """// gamma(x); the poles are NaN.
function @gamma(x) {
  if (Number.isNaN(x) || x === -Infinity || (x <= 0 && Number.isInteger(x))) return NaN;
  if (x < 0) return Math.PI / (@sinpi(x) * @gamma(1 - x));
  if (x > 172) return Infinity;
  if (x < 0.5) return Math.exp(@lgamma_near_two(x)) / ((1 + x) * x);
  if (x >= 10 && !(x < 24 && Number.isInteger(x))) {
    const root = Math.pow(x, 0.5 * x - 0.25);
    return 2.5066282746310007 * Math.exp(@stirling(x)) * root * Math.exp(-x) * root;
  }
  let product = 1;
  while (x > 2.5) product *= --x;
  return x < 1.5 ? Math.exp(@lgamma_near_two(x - 1)) / x : product * Math.exp(@lgamma_near_two(x - 2));
}""",
    "erf_series": """// erf(x) for |x| < 1.5: DLMF 7.6.2
function @erf_series(x) {
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return 1.1283791670955126 * Math.exp(-x * x) * sum;
}""",
    "erfc_fraction": """// erfc(x) for x >= 1.5: DLMF 7.9.1
function @erfc_fraction(x) {
  if (x > 28) return 0;
  let fraction = x;
  for (let k = Math.ceil(20 + 300 / (x * x)); k > 0; k--) fraction = x + (0.5 * k) / fraction;
  // exp(-x^2), whose square has too many digits for one double.
  const high = Math.fround(x);
  return (Math.exp(-high * high) * Math.exp((high - x) * (high + x))) / (fraction * 1.772453850905516);
}""",
    "erf": """function @erf(x) {
  return Math.abs(x) >= 1.5 ? Math.sign(x) * (1 - @erfc_fraction(Math.abs(x))) : @erf_series(x);
}""",
    "erfc": """function @erfc(x) {
  return x >= 1.5 ? @erfc_fraction(x) : x <= -1.5 ? 2 - @erfc_fraction(-x) : 1 - @erf_series(x);
}""",
}
