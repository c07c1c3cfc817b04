// Examples in the order of the lessons, and exercises with hints.

const preset = (en, ko, values) => ({ title: [en, ko], values });

export const PRESETS = [
  preset("0.1 Slope of a parabola", "0.1 포물선의 기울기", { f: "x^2", at: "x:2", tab: "picture", h: "1", scheme: "forward" }),
  preset("0.2 Which h is best? exp at 1", "0.2 가장 좋은 h는? exp의 x = 1", { f: "exp(x)", at: "x:1", tab: "picture", h: "0.0001", scheme: "central", box: "-2,3" }),
  preset("0.3 Partial derivatives of x² + 2y²", "0.3 x² + 2y²의 편미분", { f: "x^2 + 2*y^2", at: "x:2,y:1", tab: "picture" }),
  preset("1.1 Derivative by definition", "1.1 정의로 구하는 도함수", { f: "x^2 + 2*x + 3", tab: "derivation" }),
  preset("1.2 Chain rule: (2x + 1)⁴", "1.2 연쇄법칙: (2x + 1)⁴", { f: "(2*x + 1)^4", tab: "derivation" }),
  preset("1.3 Partial derivatives: (x + 2y³)²", "1.3 편미분: (x + 2y³)²", { f: "(x + 2*y^3)^2", tab: "derivation" }),
  preset("1.4 sin x + cos x", "1.4 sin x + cos x", { f: "sin(x) + cos(x)", at: "x:0", tab: "picture", box: "-6,6" }),
  preset("2.1 Descent on x² + 2x + 3, rate 0.01", "2.1 x² + 2x + 3의 하강, 학습률 0.01", { f: "x^2 + 2*x + 3", tab: "descent", start: "x:0.883646125995533", method: "fixedRate", rate: "0.01", box: "-4,2" }),
  preset("2.2 A rate that is too large", "2.2 너무 큰 학습률", { f: "x^2 + 2*x + 3", tab: "descent", start: "x:2", method: "fixedRate", rate: "1.02", box: "-6,4" }),
  preset("2.3 Two variables with a cosine", "2.3 코사인이 있는 두 변수", { f: "x^2 + 2*x*y + 3 + cos(x + 2*y)", at: "x:1,y:0.5", tab: "picture" }),
  preset("3.1 A narrow valley: Rosenbrock", "3.1 좁은 골짜기: 로젠브록", { f: "100*(y - x^2)^2 + (1 - x)^2", tab: "descent", start: "x:-1.2,y:1", method: "bfgs", box: "-2,2,-1,3", also: "1" }),
  preset("3.2 A saddle", "3.2 안장점", { f: "x^2 - y^2 + y^4/4", tab: "descent", start: "x:2,y:0.01", method: "fixedRate", rate: "0.05" }),
  preset("4.1 Fit of a line", "4.1 직선 맞춤", { f: "(y - a - b*x)^2", tab: "data", kind: "squares", model: "a + b*x", start2: "a:0,b:1", data: "x,y\n0,1.1\n1,2.9\n2,5.2\n3,6.8\n4,9.1" }),
  preset("4.2 Decay: a·exp(−b·x)", "4.2 감쇠: a·exp(−b·x)", { f: "a*exp(-b*x)", tab: "data", kind: "squares", model: "a*exp(-b*x)", start2: "a:1,b:1", data: "x,y\n0,3.02\n0.5,1.55\n1,0.84\n1.5,0.41\n2,0.22\n2.5,0.13\n3,0.05" }),
  preset("4.3 Logistic regression", "4.3 로지스틱 회귀", { f: "plogis(a + b*x)", tab: "data", kind: "likelihood", model: "dbinom(y, 1, plogis(a + b*x), log = TRUE)", start2: "a:0,b:0", data: "x,y\n-2,0\n-1.5,0\n-1,0\n-0.5,1\n0,0\n0.5,1\n1,1\n1.5,0\n2,1\n2.5,1" }),
];

const exercise = (f, en, ko) => ({ f, hint: [en, ko] });

export const EXERCISES = [
  exercise("x^5", "Power rule: the exponent comes in front, and falls by one.", "거듭제곱: 지수가 앞으로 나오고 1만큼 줄어듭니다."),
  exercise("x^2*sin(x)", "Product rule: (u v)′ = u′ v + u v′.", "곱의 미분법: (u v)′ = u′ v + u v′."),
  exercise("(2*x + 1)^4", "Chain rule: the derivative of the outside times that of the inside.", "연쇄법칙: 바깥의 미분에 안쪽의 미분을 곱합니다."),
  exercise("(x^2 - 2)/(x^3 + 1)", "Quotient rule: (u′ v − u v′)/v².", "몫의 미분법: (u′ v − u v′)/v²."),
  exercise("exp(-x^2)", "The inside is −x²; its derivative is −2x.", "안쪽은 −x²이고 그 미분은 −2x입니다."),
  exercise("log(1 + exp(x))", "The inside is 1 + exp(x).", "안쪽은 1 + exp(x)입니다."),
  exercise("sin(x)^3", "Outside is the cube, inside the sine.", "바깥은 세제곱, 안쪽은 사인입니다."),
  exercise("x*exp(x)", "The derivative of exp(x) is exp(x).", "exp(x)의 미분은 exp(x)입니다."),
  exercise("(x + 2*y^3)^2", "Two answers, c(d/dx, d/dy): hold the other variable constant.", "답은 두 개, c(d/dx, d/dy)입니다. 다른 변수는 상수로 봅니다."),
  exercise("sqrt(1 - x^2)", "A root is the power 1/2.", "제곱근은 1/2제곱입니다."),
];
